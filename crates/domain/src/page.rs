//! Order and keyset paging of the fan list.
//!
//! The list is a merge of two arms, customers and users, each of which a database
//! index serves in order. A position is a total order over both: whether there is
//! a value to sort by (those without come last, in either direction), the value,
//! the arm (customers first), the id.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::text_enum;

/// How many items a page has unless asked otherwise.
pub const DEFAULT_LIMIT: u64 = 50;
/// How many items a page may have.
pub const MAX_LIMIT: u64 = 200;

text_enum! {
    /// What fans can be sorted by.
    pub enum SortColumn {
        /// When they became known.
        CreatedAt = "created_at",
        /// Their name, without case and diacritics.
        Name = "name",
        /// Their e-mail key.
        Email = "email",
        /// What they have spent.
        TotalSpent = "total_spent",
        /// Their points.
        Score = "score",
        /// When anything was last heard of them.
        LastActivityAt = "last_activity_at",
    }
}

/// A column and a direction: `name`, `-created_at`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sort {
    /// What to sort by.
    pub column: SortColumn,
    /// Largest first.
    pub descending: bool,
}

impl Default for Sort {
    /// Newest first.
    fn default() -> Self {
        Self { column: SortColumn::CreatedAt, descending: true }
    }
}

impl Sort {
    /// Reads a column with an optional leading `-`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (column, descending) = text.strip_prefix('-').map_or((text, false), |rest| (rest, true));
        Some(Self { column: SortColumn::parse(column)?, descending })
    }

    /// Orders two positions of a list sorted so.
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

/// One of the two sources of the list. The order is the rule: customers first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Arm {
    /// Customers of the store.
    #[serde(rename = "c")]
    Customers,
    /// Accounts without a customer.
    #[serde(rename = "u")]
    Users,
}

/// The value that a fan is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SortValue {
    /// Milliseconds, minor units, points.
    Int(i64),
    /// A name or an e-mail key, compared byte by byte.
    Text(String),
}

/// The place of a fan in a sorted list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The value, if the fan has one.
    #[serde(rename = "v", skip_serializing_if = "Option::is_none", default)]
    pub value: Option<SortValue>,
    /// Where the fan comes from.
    #[serde(rename = "a")]
    pub arm: Arm,
    /// The fan's id.
    #[serde(rename = "i")]
    pub id: Uuid,
}

/// In which direction a page is read from a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// What follows the position.
    #[serde(rename = "n")]
    Next,
    /// What precedes it; the page itself is still in list order.
    #[serde(rename = "p")]
    Previous,
    /// The position itself and what follows.
    #[serde(rename = "f")]
    From,
}

/// Where a page starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The position.
    #[serde(rename = "p")]
    pub position: Position,
    /// Which side of it.
    #[serde(rename = "s")]
    pub step: Step,
}

/// The fans with a value to sort by, or those without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// There is a value; they come first.
    Valued,
    /// There is none.
    Missing,
}

/// What part of one arm a statement has to read, so that it is one index range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// All of it.
    All,
    /// Nothing of it.
    Nothing,
    /// Beyond this value and id; with the id itself when `inclusive`.
    Beyond {
        /// The value; `None` in the phase of those without.
        value: Option<SortValue>,
        /// The id that breaks ties.
        id: Uuid,
        /// Take the position itself as well.
        inclusive: bool,
    },
    /// Beyond this value, or at it too when `inclusive`, whatever the id.
    BeyondValue {
        /// The value.
        value: SortValue,
        /// Take what has this value as well.
        inclusive: bool,
    },
}

/// The part of `arm` in `phase` that lies beyond `cursor` (all of it without one).
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
    // In the other arm, everything of the same value lies on one side of the position.
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
        /// What the bounds admit is exactly what the order says lies beyond the cursor.
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
