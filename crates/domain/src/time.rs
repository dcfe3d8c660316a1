//! Points in time, kept as UTC milliseconds and shown as RFC 3339.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A day in milliseconds.
pub const DAY: i64 = 24 * 60 * 60 * 1000;

/// A month where lengths are counted: a twelfth of the mean Gregorian year, in milliseconds.
pub const MONTH: i64 = 2_629_746_000;

/// A UTC instant with millisecond precision, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Reads an RFC 3339 date-time, or a plain date (midnight UTC).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(millis) = calendar::parse(text) {
            return Some(Self(millis));
        }
        Self::parse_leniently(text)
    }

    /// Parses the other forms that chrono accepts, such as a lower-case `t` or a one-digit month.
    #[cfg(feature = "unicode")]
    fn parse_leniently(text: &str) -> Option<Self> {
        if let Ok(at) = chrono::DateTime::parse_from_rfc3339(text) {
            return Some(Self(at.timestamp_millis()));
        }
        // Years of two digits would be ambiguous.
        if text.find('-') != Some(4) {
            return None;
        }
        let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        Some(Self(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis()))
    }

    /// The browser parses the server's format only.
    #[cfg(not(feature = "unicode"))]
    fn parse_leniently(_: &str) -> Option<Self> {
        None
    }

    /// Formats as RFC 3339 in UTC with milliseconds; `None` outside the calendar's range.
    #[must_use]
    pub fn to_rfc3339(self) -> Option<String> {
        calendar::format(self.0)
    }
}

/// The Gregorian calendar in days since 1970-01-01, by Howard Hinnant's algorithms
/// (<https://howardhinnant.github.io/date_algorithms.html>): a fiftieth of the size of chrono, which
/// browsers would have to download.
mod calendar {
    use super::DAY;

    /// Parses `2024-02-29` and `2024-02-29T10:20:30.456+02:00`; strict.
    pub(super) fn parse(text: &str) -> Option<i64> {
        let (date, time) = text.as_bytes().split_at_checked(10)?;
        let [year @ .., b'-', m1, m2, b'-', d1, d2] = date else { return None };
        let (year, month, day) = (number(year)?, number(&[*m1, *m2])?, number(&[*d1, *d2])?);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            2 => 28 + i64::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        if !(1..=last).contains(&day) {
            return None;
        }
        let midnight = days(year, month, day) * DAY;
        if time.is_empty() {
            return Some(midnight);
        }
        let [b'T', h1, h2, b':', m1, m2, b':', s1, s2, rest @ ..] = time else { return None };
        let (hour, minute, second) = (number(&[*h1, *h2])?, number(&[*m1, *m2])?, number(&[*s1, *s2])?);
        let (fraction, offset) = fraction(rest)?;
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        Some(midnight + ((hour * 60 + minute) * 60 + second) * 1_000 + fraction - offset)
    }

    /// The milliseconds of the optional fraction, and of the offset after it.
    fn fraction(text: &[u8]) -> Option<(i64, i64)> {
        let Some(digits) = text.strip_prefix(b".") else { return Some((0, offset(text)?)) };
        let end = digits.iter().position(|byte| !byte.is_ascii_digit())?;
        let (digits, rest) = digits.split_at(end);
        if digits.is_empty() {
            return None;
        }
        let millis = (0..3).fold(0, |sum, i| sum * 10 + digits.get(i).map_or(0, |d| i64::from(d - b'0')));
        Some((millis, offset(rest)?))
    }

    fn offset(text: &[u8]) -> Option<i64> {
        let [sign, h1, h2, b':', m1, m2] = text else { return (text == b"Z").then_some(0) };
        let (hours, minutes) = (number(&[*h1, *h2])?, number(&[*m1, *m2])?);
        if hours > 23 || minutes > 59 {
            return None;
        }
        let millis = (hours * 60 + minutes) * 60_000;
        match sign {
            b'+' => Some(millis),
            b'-' => Some(-millis),
            _ => None,
        }
    }

    fn number(digits: &[u8]) -> Option<i64> {
        digits
            .iter()
            .try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
    }

    fn days(year: i64, month: i64, day: i64) -> i64 {
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    /// Formats the date; years of more than four digits have a sign.
    pub(super) fn format(millis: i64) -> Option<String> {
        let (days, rest) = (millis.div_euclid(DAY), millis.rem_euclid(DAY));
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        // The range of chrono, which is the range of the server.
        if !(-262_142..=262_141).contains(&year) {
            return None;
        }
        let year = if (0..=9_999).contains(&year) { format!("{year:04}") } else { format!("{year:+05}") };
        let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60);
        Some(format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", rest % 1_000))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self
            .to_rfc3339()
            .ok_or_else(|| serde::ser::Error::custom("a point in time outside of the calendar's range"))?;
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("expected a date-time as RFC 3339 writes it"))
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::DateTime)))
            .description(Some("A UTC instant, RFC 3339, milliseconds"))
            .examples([serde_json::json!("2026-11-22T09:30:00.000Z")])
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Timestamp {}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, SecondsFormat, Utc};
    use proptest::prelude::*;

    use super::{Timestamp, calendar};

    proptest! {
        #[test]
        fn the_calendar_writes_as_chrono_does(millis in prop_oneof![any::<i64>(), -99_999_999_999_999_i64..999_999_999_999_999]) {
            let expected = DateTime::<Utc>::from_timestamp_millis(millis)
                .map(|at| at.to_rfc3339_opts(SecondsFormat::Millis, true));
            prop_assert_eq!(calendar::format(millis), expected);
        }

        #[test]
        fn what_the_calendar_reads_chrono_reads_the_same(
            text in "[0-9]{3}[0-9]-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,10})?(Z|[+-][0-2][0-9]:[0-6][0-9]))?",
        ) {
            if let Some(millis) = calendar::parse(&text) {
                let chrono = DateTime::parse_from_rfc3339(&text).ok().map(|at| at.timestamp_millis()).or_else(|| {
                    let date = chrono::NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok()?;
                    Some(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis())
                });
                prop_assert_eq!(Some(millis), chrono);
            }
        }

        #[test]
        fn the_calendar_reads_what_it_writes(millis in -62_167_219_200_000_i64..253_402_300_799_999) {
            prop_assert_eq!(calendar::parse(&calendar::format(millis).unwrap()), Some(millis));
        }
    }

    #[test]
    fn a_timestamp_reads_what_it_writes() {
        let at = Timestamp::parse("2024-02-29T10:20:30.456+02:00").unwrap();
        assert_eq!(at.to_rfc3339().unwrap(), "2024-02-29T08:20:30.456Z");
        assert_eq!(Timestamp::parse(&at.to_rfc3339().unwrap()), Some(at));
        assert_eq!(Timestamp::parse("1970-01-02").map(Timestamp::millis), Some(86_400_000));
        assert_eq!(Timestamp::parse("yesterday"), None);
        assert_eq!(Timestamp::parse("23-07-30"), None);
    }
}
