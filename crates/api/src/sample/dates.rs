//! The time range of the sample, and the date formats of exports.

use chrono::{DateTime, Datelike, NaiveDateTime, Timelike};
use std::fmt::Write;

/// Nothing in the sample is newer: 1 June 2026, 00:00 UTC, in seconds.
///
/// A constant, because a sample that depended on the clock would differ from day to day.
pub const NEWEST: i64 = 1_780_272_000;

/// The oldest contact is from eight years before.
pub const OLDEST: i64 = NEWEST - 8 * 365 * DAY;

/// A day in seconds.
pub const DAY: i64 = 86_400;

/// The value that exports write for a missing time.
pub const ZERO: &str = "0000-00-00 00:00:00";

/// A date format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DateFormat {
    /// `2024-03-05`
    Date,
    /// `2024-03-05 14:22:11`, in UTC
    DateTime,
    /// `2024-03-05 14:22:11-05:00`
    Offset,
    /// `2024-03-05T14:22:11-05:00`
    Rfc3339,
}

/// Formats a time, given in seconds since 1970.
pub fn write_date(cell: &mut String, seconds: i64, format: DateFormat, offset_hours: i64) {
    let offset = match format {
        DateFormat::Date | DateFormat::DateTime => 0,
        DateFormat::Offset | DateFormat::Rfc3339 => offset_hours,
    };
    let time = civil(seconds + offset * 3_600);
    let separator = if format == DateFormat::Rfc3339 { 'T' } else { ' ' };
    // Writing to a string cannot fail.
    let _ = write!(cell, "{:04}-{:02}-{:02}", time.year(), time.month(), time.day());
    if format != DateFormat::Date {
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        let _ = write!(cell, "{separator}{hour:02}:{minute:02}:{second:02}");
    }
    if matches!(format, DateFormat::Offset | DateFormat::Rfc3339) {
        let _ = write!(cell, "{offset:+03}:00");
    }
}

fn civil(seconds: i64) -> NaiveDateTime {
    // All times of the sample are within chrono's range.
    DateTime::from_timestamp(seconds, 0).unwrap_or_default().naive_utc()
}
