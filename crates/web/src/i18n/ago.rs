//! How long ago something was, in the coarsest unit that still says something.

use fanbase_domain::time::Timestamp;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;
const MONTH: i64 = 30 * DAY;
const YEAR: i64 = 365 * DAY;

/// A time span up to now; the numbers are whole and at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ago {
    /// Less than a minute, or in the future by a clock that is ahead.
    Now,
    /// Minutes.
    Minutes(i64),
    /// Hours.
    Hours(i64),
    /// Days.
    Days(i64),
    /// Weeks.
    Weeks(i64),
    /// Months of 30 days.
    Months(i64),
    /// Years of 365 days.
    Years(i64),
}

impl Ago {
    /// The span from `then` to `now`.
    pub(crate) fn between(then: Timestamp, now: Timestamp) -> Self {
        let span = now.millis().saturating_sub(then.millis());
        match span {
            ..MINUTE => Self::Now,
            MINUTE..HOUR => Self::Minutes(span / MINUTE),
            HOUR..DAY => Self::Hours(span / HOUR),
            DAY..WEEK => Self::Days(span / DAY),
            WEEK..MONTH => Self::Weeks(span / WEEK),
            MONTH..YEAR => Self::Months(span / MONTH),
            YEAR.. => Self::Years(span / YEAR),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_in_its_coarsest_unit() {
        let now = Timestamp::parse("2026-11-22T12:00:00Z").unwrap();
        for (then, expected) in [
            ("2026-11-22T12:00:30Z", Ago::Now),
            ("2026-11-22T11:59:01Z", Ago::Now),
            ("2026-11-22T11:59:00Z", Ago::Minutes(1)),
            ("2026-11-22T11:00:01Z", Ago::Minutes(59)),
            ("2026-11-22T11:00:00Z", Ago::Hours(1)),
            ("2026-11-21T12:00:00Z", Ago::Days(1)),
            ("2026-11-15T12:00:01Z", Ago::Days(6)),
            ("2026-11-15T12:00:00Z", Ago::Weeks(1)),
            ("2026-10-23T12:00:00Z", Ago::Months(1)),
            ("2025-11-22T12:00:01Z", Ago::Months(12)),
            ("2025-11-22T12:00:00Z", Ago::Years(1)),
            ("2006-11-22", Ago::Years(20)),
        ] {
            assert_eq!(Ago::between(Timestamp::parse(then).unwrap(), now), expected, "{then}");
        }
        assert_eq!(Ago::between(Timestamp::from_millis(i64::MIN), now).clone(), Ago::Years(i64::MAX / YEAR));
    }
}
