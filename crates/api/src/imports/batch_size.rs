//! How many rows SQLite is given at a time. Whoever wants to write waits for a batch to end, which takes
//! several times as long in a large database as in a small one.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

/// Rows of a batch at most, and of each while nobody may wait for it.
pub(super) const MOST: usize = 2_000;
/// Rows of the first batch that somebody may wait for.
const FIRST: usize = 500;
/// Smaller ones would only cost time.
const LEAST: usize = 100;
/// How long a batch should take. Whoever wants to write waits for two of them, and until they are on
/// the disk.
const AIM: Duration = Duration::from_millis(30);

/// Rows of the next batch.
#[derive(Debug)]
pub(super) struct Pace(AtomicUsize);

impl Pace {
    /// For batches that somebody may wait for, or nobody.
    pub(super) fn new(waited_for: bool) -> Self {
        Self(AtomicUsize::new(if waited_for { FIRST } else { MOST }))
    }

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
        assert_eq!(Pace::new(false).rows(), 2_000);
        let pace = Pace::new(true);
        let learn = |times: usize, per_row: u64| {
            for _ in 0..times {
                let rows = pace.rows();
                pace.learn(rows, Duration::from_micros(per_row * rows as u64));
            }
            pace.rows()
        };
        assert_eq!(learn(1, 50), 550);
        assert_eq!(learn(20, 100), 300);
        assert_eq!(learn(20, 5_000), 100);
        assert!(learn(20, 10) > 1_900);
    }
}
