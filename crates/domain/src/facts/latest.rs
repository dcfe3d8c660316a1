//! Merging reports of the same fact.

use crate::time::Timestamp;

/// Merges two reports of one fact. The merge is commutative, associative and idempotent: the result
/// does not depend on order, grouping or repetition.
pub trait Join {
    /// The merged state.
    #[must_use]
    fn join(self, other: Self) -> Self;
}

/// A value with a timestamp: a last-writer-wins register. Of equal timestamps, the greater value wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Latest<T> {
    /// The timestamp.
    pub at: Timestamp,
    /// The value.
    pub value: T,
}

impl<T> Latest<T> {
    /// A value with its timestamp.
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

/// The earlier of two optional timestamps.
pub(super) fn earliest(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
