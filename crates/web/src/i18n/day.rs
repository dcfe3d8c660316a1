//! Days as the reader's calendar has them: from midnight to midnight of their time zone.

#[cfg(not(target_arch = "wasm32"))]
use fanbase_domain::time::DAY;
use fanbase_domain::time::Timestamp;

/// When a day begins, of a date written `YYYY-MM-DD`.
pub(crate) fn start(date: &str) -> Option<Timestamp> {
    midnight(date, 0)
}

/// When a day ends: where the next one begins.
pub(crate) fn end(date: &str) -> Option<Timestamp> {
    midnight(date, 1)
}

/// Whether it is the present day.
pub(crate) fn is_today(date: &str, now: Timestamp) -> bool {
    start(date).is_some_and(|start| start <= now) && end(date).is_some_and(|end| now < end)
}

fn parts(date: &str) -> Option<[i32; 3]> {
    // Only dates that there are.
    Timestamp::parse(date).filter(|_| date.len() == 10)?;
    let mut parts = date.split('-').map(str::parse);
    let mut next = || parts.next()?.ok();
    Some([next()?, next()?, next()?])
}

/// The browser knows the time zone, and when its clocks were changed.
#[cfg(target_arch = "wasm32")]
fn midnight(date: &str, days: i32) -> Option<Timestamp> {
    let [year, month, day] = parts(date)?;
    let at = js_sys::Date::new_with_year_month_day(year as u32, month - 1, day + days);
    Some(Timestamp::from_millis(at.get_time() as i64))
}

/// In UTC where there is no browser.
#[cfg(not(target_arch = "wasm32"))]
fn midnight(date: &str, days: i32) -> Option<Timestamp> {
    parts(date)?;
    Timestamp::parse(date).map(|at| Timestamp::from_millis(at.millis() + i64::from(days) * DAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_where_the_next_one_begins() {
        let at = |text| Timestamp::parse(text);
        assert_eq!(start("2026-03-05"), at("2026-03-05T00:00:00Z"));
        assert_eq!(end("2026-12-31"), at("2027-01-01T00:00:00Z"));
        for none in ["", "yesterday", "2026-13-01", "2026-02-30", "2026-03-05T12:00:00Z"] {
            assert_eq!(start(none), None, "{none}");
        }
        assert!(is_today("2026-03-05", at("2026-03-05T23:59:59Z").unwrap()));
        assert!(!is_today("2026-03-05", at("2026-03-06T00:00:00Z").unwrap()));
    }
}
