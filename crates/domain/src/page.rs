//! Sorting and keyset pagination of the fan list.
//!
//! The list is the union of two branches, customers and users, each read in order from a database
//! index. Positions are totally ordered over both branches: rows with a sort value before rows without
//! one (in either direction), then the value, the branch (customers first) and the id.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::text_enum;

/// Default page size.
pub const DEFAULT_LIMIT: u64 = 50;
/// Maximum page size.
pub const MAX_LIMIT: u64 = 200;

text_enum! {
    /// The sort columns of the fan list.
    pub enum SortColumn {
        /// Creation time.
        CreatedAt = "created_at",
        /// Name, folded.
        Name = "name",
        /// E-mail key.
        Email = "email",
        /// Total spent.
        TotalSpent = "total_spent",
        /// Points.
        Score = "score",
        /// Time of the last activity.
        LastActivityAt = "last_activity_at",
    }
}

/// A sort column and direction: `name`, `-created_at`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sort {
    /// The column.
    pub column: SortColumn,
    /// Whether the order is descending.
    pub descending: bool,
}

impl Default for Sort {
    /// Newest first.
    fn default() -> Self {
        Self { column: SortColumn::CreatedAt, descending: true }
    }
}

impl Sort {
    /// Parses a column with an optional leading `-`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (column, descending) = text.strip_prefix('-').map_or((text, false), |rest| (rest, true));
        Some(Self { column: SortColumn::parse(column)?, descending })
    }

    /// Compares two positions in this order.
    #[must_use]
    pub fn compare(self, a: &Position, b: &Position) -> Ordering {
        let by_value = match (&a.value, &b.value) {
            (Some(a), Some(b)) => self.directed(a.cmp(b)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        by_value.then(a.arm.cmp(&b.arm)).then(self.directed(a.id.cmp(&b.id)))
    }

    fn directed(self, ordering: Ordering) -> Ordering {
        if self.descending { ordering.reverse() } else { ordering }
    }
}

impl std::fmt::Display for Sort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", if self.descending { "-" } else { "" }, self.column)
    }
}

/// A branch of the union. The order matters: customers first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Arm {
    /// Customers of the store.
    #[serde(rename = "c")]
    Customers,
    /// Accounts without a customer.
    #[serde(rename = "u")]
    Users,
}

/// A sort value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SortValue {
    /// Milliseconds, minor units, points.
    Int(i64),
    /// A name or an e-mail key, compared byte by byte.
    Text(String),
}

/// The position of a fan in a sorted list (the keyset).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The sort value, if the fan has one.
    #[serde(rename = "v", skip_serializing_if = "Option::is_none", default)]
    pub value: Option<SortValue>,
    /// The branch of the fan.
    #[serde(rename = "a")]
    pub arm: Arm,
    /// The fan's id.
    #[serde(rename = "i")]
    pub id: Uuid,
}

/// The side of a position from which a page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// After the position.
    #[serde(rename = "n")]
    Next,
    /// Before the position; the page itself is still in list order.
    #[serde(rename = "p")]
    Previous,
    /// The position itself and what is after it.
    #[serde(rename = "f")]
    From,
}

/// The start of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The position.
    #[serde(rename = "p")]
    pub position: Position,
    /// The side.
    #[serde(rename = "s")]
    pub step: Step,
}

/// Rows with a sort value, or rows without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// With a sort value; these come first.
    Valued,
    /// Without a sort value.
    Missing,
}

/// The part of a branch that a statement reads, as a single index range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// All rows.
    All,
    /// No rows.
    Nothing,
    /// Beyond this value and id; from the id itself if `inclusive`.
    Beyond {
        /// The value; `None` in the phase without sort values.
        value: Option<SortValue>,
        /// The id, as tie-breaker.
        id: Uuid,
        /// Whether the position itself is included.
        inclusive: bool,
    },
    /// Beyond this value, or from it if `inclusive`, for all ids.
    BeyondValue {
        /// The value.
        value: SortValue,
        /// Whether rows with this value are included.
        inclusive: bool,
    },
}

/// The range of `arm` in `phase` beyond `cursor` (all rows without a cursor).
#[must_use]
pub fn bound(cursor: Option<&Cursor>, phase: Phase, arm: Arm) -> Bound {
    let Some(Cursor { position, step }) = cursor else { return Bound::All };
    let backwards = *step == Step::Previous;
    match (&position.value, phase) {
        (Some(_), Phase::Missing) => return if backwards { Bound::Nothing } else { Bound::All },
        (None, Phase::Valued) => return if backwards { Bound::All } else { Bound::Nothing },
        _ => {}
    }
    if arm == position.arm {
        return Bound::Beyond {
            value: position.value.clone(),
            id: position.id,
            inclusive: *step == Step::From,
        };
    }
    // In the other branch, all rows with the same value are on one side of the position.
    let same_value_lies_ahead = (arm > position.arm) != backwards;
    match &position.value {
        Some(value) => Bound::BeyondValue { value: value.clone(), inclusive: same_value_lies_ahead },
        None if same_value_lies_ahead => Bound::All,
        None => Bound::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn position() -> impl Strategy<Value = Position> {
        (prop::option::of(0..3_i64), any::<bool>(), 0..4_u128).prop_map(|(value, user, id)| Position {
            value: value.map(SortValue::Int),
            arm: if user { Arm::Users } else { Arm::Customers },
            id: Uuid::from_u128(id),
        })
    }

    fn admits(bound: &Bound, sort: Sort, step: Step, at: &Position) -> bool {
        let forward = step != Step::Previous;
        let beyond = |ordering: Ordering, inclusive: bool| match ordering {
            Ordering::Equal => inclusive,
            Ordering::Less => (sort.descending) == forward,
            Ordering::Greater => (sort.descending) != forward,
        };
        match bound {
            Bound::All => true,
            Bound::Nothing => false,
            Bound::Beyond { value, id, inclusive } => {
                beyond(at.value.cmp(value).then(at.id.cmp(id)), *inclusive)
            }
            Bound::BeyondValue { value, inclusive } => {
                at.value.as_ref().is_some_and(|v| beyond(v.cmp(value), *inclusive))
            }
        }
    }

    proptest! {
        /// The ranges match exactly the rows that are beyond the cursor in the list order.
        #[test]
        fn bounds_agree_with_the_order(
            at in position(), other in position(), descending: bool, step in 0..3,
        ) {
            let sort = Sort { column: SortColumn::Score, descending };
            let step = [Step::Next, Step::Previous, Step::From][step as usize];
            let expected = match sort.compare(&other, &at) {
                Ordering::Less => step == Step::Previous,
                Ordering::Equal => step == Step::From,
                Ordering::Greater => step != Step::Previous,
            };
            let phase = if other.value.is_some() { Phase::Valued } else { Phase::Missing };
            let cursor = Cursor { position: at, step };
            let bound = bound(Some(&cursor), phase, other.arm);
            prop_assert_eq!(admits(&bound, sort, step, &other), expected, "{:?}", bound);
        }
    }

    #[test]
    fn a_sort_reads_what_it_writes() {
        for text in ["name", "-created_at", "-last_activity_at"] {
            assert_eq!(Sort::parse(text).unwrap().to_string(), text);
        }
        for bad in ["", "-", "--name", "names", "-name "] {
            assert_eq!(Sort::parse(bad), None);
        }
    }
}
