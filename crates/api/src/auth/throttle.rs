//! Throttles password guesses: after ten tries at one account from one network, the next is refused until a
//! quarter of an hour has passed since the first.
//!
//! The counters are in the memory of this process. A try counts when it begins, so that concurrent tries
//! count. Tries from many networks at one account are slowed down by the rate limit of each network.

use std::net::IpAddr;

use fanbase_domain::time::Timestamp;
use moka::{ops::compute::Op, policy::EvictionPolicy, sync::Cache};

use crate::error::ApiError;

/// Tries before the next is refused.
const TRIES: u32 = 10;
/// How long a series of tries lasts, in milliseconds.
const WINDOW: i64 = 15 * 60 * 1000;
/// The maximum number of series in memory; beyond it, the least recently tried one is evicted. One network
/// cannot get there: its rate limit allows some 9,000 tries in a quarter of an hour.
const CAPACITY: u64 = 100_000;

/// The account whose password is tried, and the network from which it is tried.
pub type Target = (String, Option<IpAddr>);

/// The start of a series of tries, and their number.
#[derive(Clone, Copy, Debug)]
struct Series {
    since: Timestamp,
    tries: u32,
}

impl Series {
    fn ends(self) -> i64 {
        self.since.millis() + WINDOW
    }
}

/// The tries of the last quarter of an hour.
#[derive(Debug)]
pub struct Throttle(Cache<Target, Series>);

impl Default for Throttle {
    fn default() -> Self {
        let window = std::time::Duration::from_millis(WINDOW.unsigned_abs());
        // An entry lives for a window after its last try; the end of the series is computed from its start.
        let lru = EvictionPolicy::lru();
        Self(Cache::builder().max_capacity(CAPACITY).eviction_policy(lru).time_to_idle(window).build())
    }
}

impl Throttle {
    /// Counts a try.
    ///
    /// # Errors
    /// [`ApiError::TooManyRequests`] when the series has too many tries.
    pub fn count(&self, target: &Target, now: Timestamp) -> Result<(), ApiError> {
        let mut refused = None;
        self.0.entry_by_ref(target).and_compute_with(|entry| {
            let series = entry.map(moka::Entry::into_value).filter(|series| series.ends() > now.millis());
            match series {
                Some(series) if series.tries >= TRIES => {
                    refused = Some((series.ends() - now.millis() + 999) / 1000);
                    Op::Nop
                }
                Some(series) => Op::Put(Series { tries: series.tries + 1, ..series }),
                None => Op::Put(Series { since: now, tries: 1 }),
            }
        });
        match refused {
            Some(seconds) => Err(ApiError::TooManyRequests(u64::try_from(seconds).unwrap_or(1))),
            None => Ok(()),
        }
    }

    /// Ends the series of a target, after a correct password.
    pub fn reset(&self, target: &Target) {
        self.0.invalidate(target);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    fn target(name: &str) -> Target {
        (name.to_owned(), None)
    }

    #[test]
    fn the_eleventh_try_has_to_wait_for_the_quarter_to_pass() {
        let throttle = Throttle::default();
        let ava = target("ava");
        for second in 0..10 {
            assert!(throttle.count(&ava, at(second)).is_ok());
        }
        let Err(ApiError::TooManyRequests(seconds)) = throttle.count(&ava, at(10)) else {
            panic!("the eleventh try was allowed")
        };
        assert_eq!(seconds, 890);
        assert!(throttle.count(&target("bob"), at(10)).is_ok(), "others are not affected");
        assert!(throttle.count(&ava, at(899)).is_err());
        assert!(throttle.count(&ava, at(900)).is_ok());
    }

    #[test]
    fn a_right_password_starts_a_new_series() {
        let throttle = Throttle::default();
        let ava = target("ava");
        for second in 0..100 {
            assert!(throttle.count(&ava, at(second)).is_ok());
            throttle.reset(&ava);
        }
    }

    #[test]
    fn tries_at_many_accounts_do_not_end_the_series_of_one() {
        let throttle = Throttle::default();
        let ava = target("ava");
        for _ in 0..10 {
            assert!(throttle.count(&ava, at(0)).is_ok());
        }
        for i in 0..CAPACITY / 2 {
            assert!(throttle.count(&target(&i.to_string()), at(1)).is_ok());
        }
        throttle.0.run_pending_tasks();
        assert!(throttle.count(&ava, at(2)).is_err(), "its series was forgotten");
    }

    #[test]
    fn what_is_remembered_has_a_limit() {
        let throttle = Throttle::default();
        for i in 0..2 * CAPACITY {
            assert!(throttle.count(&target(&i.to_string()), at(1)).is_ok());
        }
        throttle.0.run_pending_tasks();
        assert!(throttle.0.entry_count() <= CAPACITY, "{}", throttle.0.entry_count());
    }
}
