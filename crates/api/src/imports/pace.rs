//! How many rows SQLite is given at a time. Whoever wants to write waits for a batch to end, which takes
//! several times as long in a large database as in a small one.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

/// Rows of a batch at most, and where it begins.
pub(super) const MOST: usize = 2_000;
/// Smaller ones would only cost time.
const LEAST: usize = 250;
/// How long a batch should take.
const AIM: Duration = Duration::from_millis(100);

/// Rows of the next batch.
#[derive(Debug)]
pub(super) struct Pace(AtomicUsize);

impl Default for Pace {
    fn default() -> Self {
        Self(AtomicUsize::new(MOST))
    }
}

impl Pace {
    /// Rows of the next batch.
    pub(super) fn rows(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Learns how long a batch took while others may wait for it.
    pub(super) fn learn(&self, rows: usize, took: Duration) {
        let fitting = rows as u128 * AIM.as_micros() / took.as_micros().max(1);
        let fitting = usize::try_from(fitting).unwrap_or(MOST).clamp(LEAST, MOST);
        // Half the way: one that was slow by chance says little.
        self.0.store(usize::midpoint(self.rows(), fitting), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_become_as_large_as_others_can_wait_for() {
        let pace = Pace::default();
        let learn = |times: usize, per_row: u64| {
            for _ in 0..times {
                let rows = pace.rows();
                pace.learn(rows, Duration::from_micros(per_row * rows as u64));
            }
            pace.rows()
        };
        assert_eq!(learn(1, 50), 2_000);
        assert_eq!(learn(20, 200), 500);
        assert_eq!(learn(20, 5_000), 250);
        assert!(learn(20, 10) > 1_900);
    }
}
