//! Parses dates of contact exports.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime};

use crate::{text, time::Timestamp};

/// The value of a date cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateCell {
    /// Blank, or a zero date.
    Blank,
    /// A date; without an offset it is taken as UTC.
    At(Timestamp),
    /// Not a date.
    Unreadable,
}

const WITH_OFFSET: [&str; 3] =
    ["%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %#z"];
const WITHOUT_OFFSET: [&str; 8] = [
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d %I:%M:%S %p",
    "%Y-%m-%d %I:%M %p",
];
/// Formats of the time after a complete date.
const TIMES: [&str; 6] = ["%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M:%S%p", "%I:%M%p"];
/// Plausible years. A date outside them is rejected.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// Parses a date cell: `2024-03-01`, with an optional time and offset. The zero dates of databases are
/// blank. An ambiguous date, such as `01/12/2024`, is rejected.
#[must_use]
pub fn read(cell: &str) -> DateCell {
    let cell = text::trim(cell);
    if is_zero(cell) {
        return DateCell::Blank;
    }
    match parse(cell) {
        // Programs that store a missing date as 0 export the start of 1970.
        Some(at) if at.millis() == 0 => DateCell::Blank,
        Some(at) if is_plausible(at) => DateCell::At(at),
        _ => DateCell::Unreadable,
    }
}

/// Whether a cell is blank or has a zero date of MySQL or .NET.
fn is_zero(cell: &str) -> bool {
    let has_digit_above_zero = cell.bytes().any(|byte| byte.is_ascii_digit() && byte != b'0');
    let is_date = !cell.is_empty() && cell.bytes().all(|byte| b"0-/.: TZ".contains(&byte));
    cell.is_empty()
        || (is_date && !has_digit_above_zero)
        || cell.starts_with("0000-00-00")
        || cell.starts_with("0001-01-01")
}

fn is_plausible(at: Timestamp) -> bool {
    DateTime::from_timestamp_millis(at.millis()).is_some_and(|at| YEARS.contains(&at.year()))
}

fn parse(cell: &str) -> Option<Timestamp> {
    if let Some(at) = plain(cell) {
        return Some(at);
    }
    if !starts_with_year(cell) {
        return in_another_order(cell).or_else(|| {
            let at = DateTime::parse_from_rfc2822(cell).ok()?;
            Some(Timestamp::from_millis(at.timestamp_millis()))
        });
    }
    let utc = ["UTC", "utc", "GMT", "Z"].iter().find_map(|zone| cell.strip_suffix(zone));
    if let Some(at) = Timestamp::parse(cell) {
        return Some(at);
    }
    let local = utc.unwrap_or(cell).trim_end();
    WITHOUT_OFFSET
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(local, format).ok())
        .map(|at| at.and_utc().timestamp_millis())
        .or_else(|| {
            WITH_OFFSET
                .iter()
                .find_map(|format| DateTime::parse_from_str(cell, format).ok())
                .map(|at| at.timestamp_millis())
        })
        .map(Timestamp::from_millis)
}

/// Whether a cell starts with a year of four digits. Two digits could also be a day.
fn starts_with_year(cell: &str) -> bool {
    let bytes = cell.as_bytes();
    bytes.len() > 4 && bytes[..4].iter().all(u8::is_ascii_digit) && matches!(bytes[4], b'-' | b'/')
}

/// Parses `31.12.2024`; `31/12/2024` or `12/31/2024` only if one reading is a valid date.
fn in_another_order(cell: &str) -> Option<Timestamp> {
    let (date, time) = cell.split_once([' ', 'T']).unwrap_or((cell, ""));
    let mark = date.chars().find(|c| !c.is_ascii_digit())?;
    let parts: Vec<&str> = date.split(mark).collect();
    let [first, second, year] = parts[..] else { return None };
    if year.len() != 4 || ![1, 2].contains(&first.len()) || ![1, 2].contains(&second.len()) {
        return None;
    }
    let (first, second): (u32, u32) = (first.parse().ok()?, second.parse().ok()?);
    let year = year.parse().ok()?;
    let day_first = NaiveDate::from_ymd_opt(year, second, first);
    let date = match mark {
        // This format has the day first.
        '.' => day_first,
        '/' | '-' => {
            let month_first = NaiveDate::from_ymd_opt(year, first, second);
            if day_first.is_some() && month_first.is_some() && day_first != month_first {
                return None;
            }
            day_first.or(month_first)
        }
        _ => None,
    }?;
    let time = match time.trim() {
        "" => NaiveTime::MIN,
        time => TIMES.iter().find_map(|format| NaiveTime::parse_from_str(time, format).ok())?,
    };
    Some(Timestamp::from_millis(date.and_time(time).and_utc().timestamp_millis()))
}

/// Parses `YYYY-MM-DD` and `YYYY-MM-DD hh:mm:ss`, the formats of nearly all cells, without the cost of
/// a format string.
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
            ("2019-10-16 15:27:52 UTC", "2019-10-16T15:27:52.000Z"),
            ("2019-10-16 15:27:52Z", "2019-10-16T15:27:52.000Z"),
            ("2024-03-01T10:20:30.123456Z", "2024-03-01T10:20:30.123Z"),
            ("2024-03-01 10:20 PM", "2024-03-01T22:20:00.000Z"),
            ("Fri, 01 Mar 2024 10:20:30 +0000", "2024-03-01T10:20:30.000Z"),
            ("31.12.2024", "2024-12-31T00:00:00.000Z"),
            ("1.2.2024 10:20", "2024-02-01T10:20:00.000Z"),
            ("31/12/2024 1:05 pm", "2024-12-31T13:05:00.000Z"),
            ("12/31/2024", "2024-12-31T00:00:00.000Z"),
            ("05/05/2024", "2024-05-05T00:00:00.000Z"),
        ] {
            let DateCell::At(at) = read(cell) else { panic!("{cell:?} is a date") };
            assert_eq!(at.to_rfc3339().unwrap(), expected, "{cell:?}");
        }
        for blank in [
            "",
            "  ",
            "0000-00-00",
            "0000-00-00 00:00:00",
            "00-00-0000",
            "0001-01-01T00:00:00",
            "1970-01-01 00:00:00",
            "1970-01-01T00:00:00Z",
        ] {
            assert_eq!(read(blank), DateCell::Blank);
        }
        for bad in [
            "soon",
            "2024-13-01",
            "2024-02-30",
            "2024-03-01 25:00:00",
            "20240301",
            "45352",
            "1709288430",
            "12/01/2026",
            "01-12-2026",
            "11/1/16 3pm",
            "23-07-30",
            "23-07-30 10:20",
            "1.2.24",
            "31/31/2024",
            "1899-12-30",
            "2500-01-01",
            "0023-07-30",
            "31.02.2024",
            "2024-03-01 10:20 XM",
        ] {
            assert_eq!(read(bad), DateCell::Unreadable, "{bad:?}");
        }
    }
}
