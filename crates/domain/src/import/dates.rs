//! Dates as contact exports write them.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use crate::{text, time::Timestamp};

/// What a date cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateCell {
    /// Nothing, or the zero date that MySQL writes for nothing.
    Blank,
    /// A date; without an offset it is taken as UTC.
    At(Timestamp),
    /// Not a date.
    Unreadable,
}

const WITH_OFFSET: [&str; 3] =
    ["%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %#z"];
const WITHOUT_OFFSET: [&str; 4] =
    ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S"];

/// Reads a date cell: `2024-03-01`, with a time, with an offset, or the zero date.
#[must_use]
pub fn read(cell: &str) -> DateCell {
    let cell = text::trim(cell);
    if cell.is_empty() || cell.starts_with("0000-00-00") {
        return DateCell::Blank;
    }
    // Years beyond four digits would not survive RFC 3339.
    parse(cell)
        .filter(|at| at.millis().abs() < 200_000_000_000_000)
        .map_or(DateCell::Unreadable, DateCell::At)
}

fn parse(cell: &str) -> Option<Timestamp> {
    if let Some(at) = plain(cell) {
        return Some(at);
    }
    if let Some(at) = Timestamp::parse(cell) {
        return Some(at);
    }
    WITHOUT_OFFSET
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(cell, format).ok())
        .map(|at| at.and_utc().timestamp_millis())
        .or_else(|| {
            WITH_OFFSET
                .iter()
                .find_map(|format| DateTime::parse_from_str(cell, format).ok())
                .map(|at| at.timestamp_millis())
        })
        .map(Timestamp::from_millis)
}

/// `YYYY-MM-DD` and `YYYY-MM-DD hh:mm:ss`, which nearly all cells are, without the
/// cost of a format string.
fn plain(cell: &str) -> Option<Timestamp> {
    let bytes = cell.as_bytes();
    let number = |range: std::ops::Range<usize>| -> Option<u32> {
        bytes.get(range)?.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
    };
    let mark = |at: usize, mark: u8| bytes.get(at) == Some(&mark);
    if !(mark(4, b'-') && mark(7, b'-')) {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(i32::try_from(number(0..4)?).ok()?, number(5..7)?, number(8..10)?)?;
    let at = match bytes.len() {
        10 => date.and_hms_opt(0, 0, 0)?,
        19 if mark(10, b' ') && mark(13, b':') && mark(16, b':') => {
            date.and_hms_opt(number(11..13)?, number(14..16)?, number(17..19)?)?
        }
        _ => return None,
    };
    Some(Timestamp::from_millis(at.and_utc().timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_exports_write_them() {
        for (cell, expected) in [
            ("2024-03-01", "2024-03-01T00:00:00.000Z"),
            ("2024-03-01 10:20:30", "2024-03-01T10:20:30.000Z"),
            ("2024-03-01T10:20:30Z", "2024-03-01T10:20:30.000Z"),
            ("2024-03-01T10:20:30-06:00", "2024-03-01T16:20:30.000Z"),
            ("2024-03-01 10:20:30-06:00", "2024-03-01T16:20:30.000Z"),
            ("2024-03-01 10:20:30 +0200", "2024-03-01T08:20:30.000Z"),
            ("2024-03-01 10:20", "2024-03-01T10:20:00.000Z"),
            (" 2024-03-01\u{00A0}", "2024-03-01T00:00:00.000Z"),
        ] {
            let DateCell::At(at) = read(cell) else { panic!("{cell:?} is a date") };
            assert_eq!(at.to_rfc3339().unwrap(), expected, "{cell:?}");
        }
        for blank in ["", "  ", "0000-00-00", "0000-00-00 00:00:00"] {
            assert_eq!(read(blank), DateCell::Blank);
        }
        for bad in ["soon", "2024-13-01", "2024-02-30", "2024-03-01 25:00:00", "12/31/2024", "20240301"] {
            assert_eq!(read(bad), DateCell::Unreadable, "{bad:?}");
        }
    }
}
