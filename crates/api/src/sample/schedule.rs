//! Schedules the quirks: the rows at which each one is due.

use super::quirks::QUIRKS;
use super::rng::{Purpose, Rng};

/// The schedule of all quirks, spread over the file at irregular distances.
pub struct Schedule {
    seed: u64,
    rows: u64,
    /// In the order of [`QUIRKS`].
    plans: Vec<Plan>,
    /// No quirk is due before this row.
    soonest: u64,
}

struct Plan {
    planned: u64,
    done: u64,
    next: u64,
}

impl Schedule {
    /// The schedule of a file with this number of rows.
    pub fn new(seed: u64, rows: u64) -> Self {
        let mut schedule = Self { seed, rows, plans: Vec::with_capacity(QUIRKS.len()), soonest: 0 };
        for (quirk, spec) in QUIRKS.iter().enumerate() {
            let planned = spec.planned(rows);
            schedule.plans.push(Plan { planned, done: 0, next: schedule.row_for(quirk, 0, planned) });
        }
        schedule
    }

    /// Collects the quirks that are due at a row, as indexes into [`QUIRKS`], the longest overdue
    /// first.
    pub fn due(&self, row: u64, due: &mut Vec<usize>) {
        due.clear();
        if row < self.soonest {
            return;
        }
        let waiting = |quirk: &usize| self.plans[*quirk].next <= row;
        due.extend((0..self.plans.len()).filter(waiting));
        due.sort_by_key(|quirk| self.plans[*quirk].next);
    }

    /// Records that a row had the quirk.
    pub fn done(&mut self, quirk: usize) {
        self.plans[quirk].done += 1;
        let (done, planned) = (self.plans[quirk].done, self.plans[quirk].planned);
        self.plans[quirk].next = self.row_for(quirk, done, planned);
        self.soonest = self.plans.iter().map(|plan| plan.next).min().unwrap_or(0);
    }

    /// The row at which the quirk is due again; `u64::MAX` once all planned ones are done.
    ///
    /// The last 5 % of the file are left to overdue quirks.
    fn row_for(&self, quirk: usize, done: u64, planned: u64) -> u64 {
        if done >= planned {
            return u64::MAX;
        }
        let mut rng = Rng::new(self.seed, Purpose::Schedule, done * QUIRKS.len() as u64 + quirk as u64);
        let first = self.rows / 100 * QUIRKS[quirk].first_percent();
        let span = self.rows / 100 * 95 - first;
        first + (span / planned) * done + rng.below(span / planned)
    }
}
