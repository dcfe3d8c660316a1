//! Calendar periods in a time zone: days, weeks and months.

use chrono::{
    DateTime, Datelike as _, Days, Duration, FixedOffset, Months, NaiveDate, NaiveDateTime, TimeZone as _,
    Utc,
};
use chrono_tz::Tz;
use fanbase_domain::{time::Timestamp, wire::overview::Period};
use sea_orm::{ConnectionTrait, DbErr};

use crate::db::sql::{self, Sql};

/// A time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// A fixed offset from UTC, without summer time.
    Fixed(FixedOffset),
    /// A zone of the IANA database, with its summer time.
    Named(Tz),
}

impl Zone {
    /// UTC.
    pub const UTC: Self = Self::Named(Tz::UTC);

    /// The zone of an IANA name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        name.parse().ok().map(Self::Named)
    }

    /// The requested zone, else the zone of the store, else the requested offset, else UTC.
    #[must_use]
    pub fn of(named: Option<Self>, store: Option<&str>, offset: Option<FixedOffset>) -> Self {
        named.or_else(|| Self::parse(store?)).or_else(|| offset.map(Self::Fixed)).unwrap_or(Self::UTC)
    }

    fn date(self, at: DateTime<Utc>) -> NaiveDate {
        match self {
            Self::Fixed(offset) => at.with_timezone(&offset).date_naive(),
            Self::Named(zone) => at.with_timezone(&zone).date_naive(),
        }
    }

    fn instant(self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        match self {
            Self::Fixed(offset) => offset.from_local_datetime(&local).earliest().map(|at| at.to_utc()),
            Self::Named(zone) => zone.from_local_datetime(&local).earliest().map(|at| at.to_utc()),
        }
    }

    /// The start of a day: an hour later where clocks are put forward at midnight.
    fn midnight(self, date: NaiveDate) -> Option<DateTime<Utc>> {
        let midnight = date.and_hms_opt(0, 0, 0)?;
        self.instant(midnight).or_else(|| self.instant(midnight + Duration::hours(1)))
    }
}

/// The starts of the last `count` periods, oldest first; `now` is in the last one.
#[must_use]
pub fn starts(period: Period, now: Timestamp, zone: Zone, count: u32) -> Vec<Timestamp> {
    let Some(now) = DateTime::from_timestamp_millis(now.millis()) else { return Vec::new() };
    let today = zone.date(now);
    let present = match period {
        Period::Day => Some(today),
        Period::Week => today.checked_sub_days(Days::new(today.weekday().num_days_from_monday().into())),
        Period::Month => today.with_day(1),
    };
    let back = |periods: u32| -> Option<NaiveDate> {
        match period {
            Period::Day => present?.checked_sub_days(Days::new(periods.into())),
            Period::Week => present?.checked_sub_days(Days::new(u64::from(periods) * 7)),
            Period::Month => present?.checked_sub_months(Months::new(periods)),
        }
    };
    (0..count)
        .rev()
        .filter_map(|periods| Some(Timestamp::from_millis(zone.midnight(back(periods)?)?.timestamp_millis())))
        .collect()
}

/// Counts the rows of `select` in each period by `column`. The last period has no end: rows with a date in
/// the future count as new, so that the periods add up.
///
/// # Errors
/// Returns the error of the database.
pub async fn count(
    db: &impl ConnectionTrait,
    starts: &[Timestamp],
    column: &str,
    select: impl Fn(&mut Sql),
) -> Result<Vec<u64>, DbErr> {
    let mut all = Sql::default();
    for (i, from) in starts.iter().enumerate() {
        all.push(if i == 0 { "" } else { " UNION ALL " });
        select(&mut all);
        all.push(&format!(" AND {column} >= ")).bind(from.millis());
        if let Some(to) = starts.get(i + 1) {
            all.push(&format!(" AND {column} < ")).bind(to.millis());
        }
    }
    all.all(db).await?.iter().map(|row| Ok(sql::count(row.try_get_by_index(0)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(period: Period, now: &str, offset_minutes: i32, expected: [&str; 3]) {
        let zone = Zone::Fixed(FixedOffset::east_opt(offset_minutes * 60).unwrap());
        check_in(zone, period, now, expected);
    }

    fn check_in(zone: Zone, period: Period, now: &str, expected: [&str; 3]) {
        let starts = starts(period, Timestamp::parse(now).unwrap(), zone, 3);
        let starts: Vec<String> = starts.iter().map(|at| at.to_rfc3339().unwrap()).collect();
        assert_eq!(starts, expected.map(|at| format!("{at}.000Z")));
    }

    #[test]
    fn periods_of_a_place_follow_its_summer_time() {
        let berlin = Zone::parse("Europe/Berlin").unwrap();
        check_in(
            berlin,
            Period::Month,
            "2026-04-15T12:00:00Z",
            ["2026-01-31T23:00:00", "2026-02-28T23:00:00", "2026-03-31T22:00:00"],
        );
        // Clocks are put forward at midnight: the day begins at one.
        let sao_paulo = Zone::parse("America/Sao_Paulo").unwrap();
        check_in(
            sao_paulo,
            Period::Day,
            "2018-11-05T12:00:00Z",
            ["2018-11-03T03:00:00", "2018-11-04T03:00:00", "2018-11-05T02:00:00"],
        );
        assert_eq!(Zone::parse("Mars/Phobos"), None);
        assert_eq!(Zone::of(None, Some("Europe/Berlin"), FixedOffset::east_opt(0)), berlin);
        assert_eq!(Zone::of(None, None, None), Zone::UTC);
    }

    #[test]
    fn periods_start_at_the_midnight_of_the_reader() {
        check(
            Period::Day,
            "2026-03-01T23:30:00Z",
            60,
            ["2026-02-27T23:00:00", "2026-02-28T23:00:00", "2026-03-01T23:00:00"],
        );
        check(
            Period::Week,
            "2026-11-22T12:00:00Z",
            0,
            ["2026-11-02T00:00:00", "2026-11-09T00:00:00", "2026-11-16T00:00:00"],
        );
        check(
            Period::Month,
            "2026-01-31T12:00:00Z",
            -300,
            ["2025-11-01T05:00:00", "2025-12-01T05:00:00", "2026-01-01T05:00:00"],
        );
    }
}
