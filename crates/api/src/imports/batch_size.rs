//! Adaptive batch size on SQLite. Other writers wait until a batch ends, and a batch takes several times as
//! long in a large database as in a small one.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

/// Maximum number of rows, and the fixed size while there are no other writers.
pub(super) const MOST: usize = 2_000;
/// Rows of the first batch while there may be other writers.
const FIRST: usize = 500;
/// Minimum number of rows: smaller batches would only add overhead.
const LEAST: usize = 100;
/// Target duration of a batch. Another writer waits for up to two batches and for the commit.
const AIM: Duration = Duration::from_millis(30);

/// Rows of the next batch.
#[derive(Debug)]
pub(super) struct Pace(AtomicUsize);

impl Pace {
    /// The size for an import with possible other writers (`waited_for`), or without.
    pub(super) fn new(waited_for: bool) -> Self {
        Self(AtomicUsize::new(if waited_for { FIRST } else { MOST }))
    }

    /// Rows of the next batch.
    pub(super) fn rows(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Adapts the size to the duration of a batch.
    pub(super) fn learn(&self, rows: usize, took: Duration) {
        let fitting = rows as u128 * AIM.as_micros() / took.as_micros().max(1);
        let fitting = usize::try_from(fitting).unwrap_or(MOST).clamp(LEAST, MOST);
        // Moves halfway only, to damp outliers.
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
