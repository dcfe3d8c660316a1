//! What is selected: some rows, picked one by one, or all that match.

use super::Row;

/// Most rows that are picked one by one: what the API takes at once.
pub(super) const MOST: usize = 1_000;

/// What is selected.
#[derive(Clone, Default)]
pub(crate) enum Selection {
    /// Nothing.
    #[default]
    Nothing,
    /// These, and the row from which the next range starts.
    Some { rows: Vec<Row>, anchor: u64 },
    /// All that match search and filters.
    All,
}

impl Selection {
    /// Whether a row is selected.
    pub(super) fn has(&self, id: u128) -> bool {
        match self {
            Self::Nothing => false,
            Self::Some { rows, .. } => rows.iter().any(|row| row.id == id),
            Self::All => true,
        }
    }

    /// Whether nothing is.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Nothing)
    }

    /// Whether all are.
    pub(crate) fn is_all(&self) -> bool {
        matches!(self, Self::All)
    }

    /// How many are picked; all is not a number here.
    pub(super) fn picked(&self) -> usize {
        match self {
            Self::Some { rows, .. } => rows.len(),
            Self::Nothing | Self::All => 0,
        }
    }

    /// The row from which a range starts.
    pub(super) fn anchor(&self) -> Option<u64> {
        match self {
            Self::Some { anchor, .. } => Some(*anchor),
            Self::Nothing | Self::All => None,
        }
    }

    /// Selects a row, or no longer. Who picks one after all picks only that one.
    pub(super) fn toggle(&mut self, index: u64, row: &Row) {
        let Self::Some { rows, anchor } = self else {
            *self = Self::Some { rows: vec![row.clone()], anchor: index };
            return;
        };
        *anchor = index;
        let before = rows.len();
        rows.retain(|other| other.id != row.id);
        if rows.len() == before && before < MOST {
            rows.push(row.clone());
        }
        if rows.is_empty() {
            *self = Self::Nothing;
        }
    }

    /// Selects a row no longer.
    pub(super) fn remove(&mut self, id: u128) {
        if let Self::Some { rows, .. } = self {
            rows.retain(|row| row.id != id);
            if rows.is_empty() {
                *self = Self::Nothing;
            }
        }
    }

    /// Selects these as well; whether there was room for all of them.
    pub(super) fn add<'a>(&mut self, to: u64, more: impl IntoIterator<Item = &'a Row>) -> bool {
        let (mut rows, anchor) = match std::mem::take(self) {
            Self::Some { rows, anchor } => (rows, anchor),
            Self::Nothing | Self::All => (Vec::new(), to),
        };
        let mut fits = true;
        for row in more {
            if rows.iter().any(|other| other.id == row.id) {
                continue;
            }
            if rows.len() >= MOST {
                fits = false;
                break;
            }
            rows.push(row.clone());
        }
        *self = if rows.is_empty() { Self::Nothing } else { Self::Some { rows, anchor } };
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(n: u32) -> Row {
        Row::new(n.into(), String::new(), ())
    }

    #[test]
    fn picking_twice_is_not_picking() {
        let mut selection = Selection::default();
        selection.toggle(3, &row(1));
        selection.toggle(5, &row(2));
        assert!(selection.has(1) && selection.picked() == 2 && selection.anchor() == Some(5));
        selection.toggle(3, &row(1));
        selection.toggle(5, &row(2));
        assert!(selection.is_empty());
    }

    #[test]
    fn a_row_that_is_gone_is_selected_no_longer() {
        let mut selection = Selection::default();
        selection.add(0, &[row(1), row(2)]);
        selection.remove(1);
        assert!(!selection.has(1) && selection.picked() == 1);
        selection.remove(2);
        assert!(selection.is_empty());
    }

    #[test]
    fn who_picks_one_of_all_picks_that_one() {
        let mut selection = Selection::All;
        assert!(selection.has(9));
        selection.toggle(0, &row(1));
        assert!(selection.has(1) && !selection.has(9));
    }

    #[test]
    fn a_range_is_added_up_to_the_most_that_can_be_picked() {
        let mut selection = Selection::default();
        let some: Vec<_> = (0..10).map(row).collect();
        assert!(selection.add(0, &some));
        assert!(selection.add(9, &some));
        assert_eq!(selection.picked(), 10);
        let many: Vec<_> = (0..1_200).map(row).collect();
        assert!(!selection.add(0, &many));
        assert_eq!(selection.picked(), MOST);
    }
}
