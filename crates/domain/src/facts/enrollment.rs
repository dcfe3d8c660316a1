//! Enrolments in courses, and how far people got.

use super::latest::{Join, Latest, earliest};
use crate::time::Timestamp;

/// How much of a course is done, 0 to 100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(u8);

impl Percent {
    /// Nothing of it.
    pub const NONE: Self = Self(0);
    /// All of it.
    pub const ALL: Self = Self(100);

    /// A share that there can be.
    #[must_use]
    pub fn parse(percent: i64) -> Option<Self> {
        u8::try_from(percent).ok().filter(|percent| *percent <= 100).map(Self)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// Somebody has access to a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enrollment {
    /// Since when.
    pub enrolled_at: Timestamp,
    /// How far they are, as of the latest report. It may go down: courses grow.
    pub progress: Latest<Percent>,
    /// When they last opened it.
    pub accessed_at: Option<Timestamp>,
    /// When they had all of it for the first time.
    pub completed_at: Option<Timestamp>,
}

impl Enrollment {
    /// An enrolment of which no progress is known.
    #[must_use]
    pub const fn new(enrolled_at: Timestamp) -> Self {
        let progress = Latest::new(enrolled_at, Percent::NONE);
        Self { enrolled_at, progress, accessed_at: None, completed_at: None }
    }

    /// The same, with what is reported of the progress at some moment.
    #[must_use]
    pub fn with_progress(self, at: Timestamp, percent: Percent) -> Self {
        let completed_at = (percent == Percent::ALL).then_some(at);
        self.join(Self { progress: Latest::new(at, percent), completed_at, ..self })
    }

    /// The same, opened at some moment.
    #[must_use]
    pub fn with_access(self, at: Timestamp) -> Self {
        self.join(Self { accessed_at: Some(at), ..self })
    }

    /// When anything was last heard of it.
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
