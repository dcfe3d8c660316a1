//! How reports of the same thing are joined.

use crate::time::Timestamp;

/// Joins two reports of one thing. In any order, any grouping and any number, reports amount to
/// the same: it is commutative, associative and idempotent.
pub trait Join {
    /// What both amount to.
    #[must_use]
    fn join(self, other: Self) -> Self;
}

/// A value that changes, as of some moment. Of two, the later one counts; of the same moment, the
/// greater value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Latest<T> {
    /// The moment.
    pub at: Timestamp,
    /// The value.
    pub value: T,
}

impl<T> Latest<T> {
    /// A value as of a moment.
    pub const fn new(at: Timestamp, value: T) -> Self {
        Self { at, value }
    }
}

impl<T: Ord> Join for Latest<T> {
    fn join(self, other: Self) -> Self {
        self.max(other)
    }
}

impl<T: Join> Join for Option<T> {
    fn join(self, other: Self) -> Self {
        match (self, other) {
            (Some(one), Some(other)) => Some(one.join(other)),
            (one, other) => one.or(other),
        }
    }
}

/// The earlier of two moments, if there is any.
pub(super) fn earliest(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
