//! Days, weeks and months of somebody's calendar.

use chrono::{DateTime, Datelike as _, Days, FixedOffset, Months, NaiveDate};
use fanbase_domain::{time::Timestamp, wire::overview::Period};
use sea_orm::{ConnectionTrait, DbErr};

use crate::db::sql::{self, Sql};

/// The starts of the last `count` periods, oldest first; `now` is in the last one.
/// `offset` is the reader's distance from Greenwich.
#[must_use]
pub fn starts(period: Period, now: Timestamp, offset: FixedOffset, count: u32) -> Vec<Timestamp> {
    let Some(now) = DateTime::from_timestamp_millis(now.millis()) else { return Vec::new() };
    let today = now.with_timezone(&offset).date_naive();
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
    let midnight = |date: NaiveDate| date.and_hms_opt(0, 0, 0)?.and_local_timezone(offset).single();
    (0..count)
        .rev()
        .filter_map(|periods| Some(Timestamp::from_millis(midnight(back(periods)?)?.timestamp_millis())))
        .collect()
}

/// How many of what `select` counts fall into each period by `column`. The last one has no end:
/// who is dated in the future counts as new, so that all add up.
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
        let offset = FixedOffset::east_opt(offset_minutes * 60).unwrap();
        let starts = starts(period, Timestamp::parse(now).unwrap(), offset, 3);
        let starts: Vec<String> = starts.iter().map(|at| at.to_rfc3339().unwrap()).collect();
        assert_eq!(starts, expected.map(|at| format!("{at}.000Z")));
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
