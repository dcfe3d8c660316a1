//! Slows down whoever guesses passwords: after ten tries at one account from one address, the
//! next one has to wait until a quarter of an hour has passed since the first.
//!
//! Kept in memory, for this process. A try counts when it begins, so that many at once are many.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use fanbase_domain::time::Timestamp;

use crate::error::ApiError;

/// Tries before one has to wait.
const TRIES: u32 = 10;
/// How long tries are remembered, in milliseconds.
const WINDOW: i64 = 15 * 60 * 1000;
/// Accounts that are remembered; more are tried only by somebody who is up to no good.
const REMEMBERED: usize = 10_000;

/// Whose password is tried, and from where.
pub type Target = (String, Option<IpAddr>);

/// The tries of the last quarter of an hour: since when, and how many.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<HashMap<Target, (Timestamp, u32)>>);

impl Throttle {
    /// Counts a try.
    ///
    /// # Errors
    /// When there were too many.
    pub fn count(&self, target: &Target, now: Timestamp) -> Result<(), ApiError> {
        let ends = |since: Timestamp| since.millis() + WINDOW;
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() >= REMEMBERED {
            tries.retain(|_, (since, _)| ends(*since) > now.millis());
        }
        if tries.len() >= REMEMBERED {
            tries.clear();
        }
        let (since, count) = tries.entry(target.clone()).or_insert((now, 0));
        if ends(*since) <= now.millis() {
            (*since, *count) = (now, 0);
        }
        if *count >= TRIES {
            let seconds = (ends(*since) - now.millis() + 999) / 1000;
            return Err(ApiError::TooManyRequests(u64::try_from(seconds).unwrap_or(1)));
        }
        *count += 1;
        Ok(())
    }

    /// Forgets the tries: the password was right.
    pub fn forgive(&self, target: &Target) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(target);
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
    fn who_knows_the_password_starts_anew() {
        let throttle = Throttle::default();
        let ava = target("ava");
        for second in 0..100 {
            assert!(throttle.count(&ava, at(second)).is_ok());
            throttle.forgive(&ava);
        }
    }

    #[test]
    fn what_is_remembered_has_a_limit() {
        let throttle = Throttle::default();
        for i in 0..3 * REMEMBERED {
            assert!(throttle.count(&target(&i.to_string()), at(0)).is_ok());
        }
        assert!(throttle.0.lock().unwrap().len() <= REMEMBERED);
    }
}
