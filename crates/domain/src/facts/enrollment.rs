//! Course enrolments and their progress.

use super::latest::{Join, Latest, earliest};
use crate::time::Timestamp;

/// Course progress in per cent, 0 to 100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(u8);

impl Percent {
    /// Not started.
    pub const NONE: Self = Self(0);
    /// Completed.
    pub const ALL: Self = Self(100);

    /// A percentage; `None` outside 0 to 100.
    #[must_use]
    pub fn parse(percent: i64) -> Option<Self> {
        u8::try_from(percent).ok().filter(|percent| *percent <= 100).map(Self)
    }

    /// The value as an integer.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// A customer's access to a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enrollment {
    /// Start of the access.
    pub enrolled_at: Timestamp,
    /// Progress as of the latest report. It may decrease, because courses grow.
    pub progress: Latest<Percent>,
    /// Time of the last access.
    pub accessed_at: Option<Timestamp>,
    /// Time of the first completion.
    pub completed_at: Option<Timestamp>,
}

impl Enrollment {
    /// An enrolment without reported progress.
    #[must_use]
    pub const fn new(enrolled_at: Timestamp) -> Self {
        let progress = Latest::new(enrolled_at, Percent::NONE);
        Self { enrolled_at, progress, accessed_at: None, completed_at: None }
    }

    /// Merges a progress report.
    #[must_use]
    pub fn with_progress(self, at: Timestamp, percent: Percent) -> Self {
        let completed_at = (percent == Percent::ALL).then_some(at);
        self.join(Self { progress: Latest::new(at, percent), completed_at, ..self })
    }

    /// Merges an access report.
    #[must_use]
    pub fn with_access(self, at: Timestamp) -> Self {
        self.join(Self { accessed_at: Some(at), ..self })
    }

    /// Time of the latest activity on the enrolment.
    #[must_use]
    pub fn last_activity_at(&self) -> Timestamp {
        let Self { enrolled_at, progress, accessed_at, completed_at } = *self;
        [Some(progress.at), accessed_at, completed_at].into_iter().flatten().fold(enrolled_at, Timestamp::max)
    }
}

impl Join for Enrollment {
    fn join(self, other: Self) -> Self {
        Self {
            enrolled_at: self.enrolled_at.min(other.enrolled_at),
            progress: self.progress.join(other.progress),
            accessed_at: self.accessed_at.max(other.accessed_at),
            completed_at: earliest(self.completed_at, other.completed_at),
        }
    }
}
