//! Selecting rows.

use leptos::prelude::*;

use super::{Row, Selection, Table, selection::MOST};
use crate::{
    components::error_text,
    i18n::{format, t},
    state::task,
};

impl Table {
    /// Whether a row is selected.
    pub(super) fn is_selected(self, index: u64) -> bool {
        self.rows.get(index).is_some_and(|row| self.selection.read_untracked().has(row.id))
    }

    /// Selects a row or no longer; with `extend`, everything from the row that was picked last.
    pub(super) fn pick(self, index: u64, extend: bool) {
        self.active.set(Some(index));
        let anchor = self.selection.read_untracked().anchor().filter(|_| extend);
        if let Some(anchor) = anchor {
            self.pick_range(anchor.min(index), anchor.max(index));
        } else if let Some(row) = self.rows.get(index) {
            self.selection.update(|selection| selection.toggle(index, &row));
        }
    }

    fn pick_range(self, first: u64, last: u64) {
        let many = last - first >= MOST as u64;
        let last = last.min(first + MOST as u64 - 1);
        task::spawn(async move {
            match self.rows.range(first..last + 1).await {
                Ok(rows) => {
                    let fits = self.selection.try_update(|selection| selection.add(last, &rows));
                    if many || fits == Some(false) {
                        self.toasts.warn(t().table.too_many_picked);
                    }
                }
                Err(error) => self.toasts.warn(error_text(&error)),
            }
        });
    }

    /// Selects a row no longer: it is gone.
    pub(crate) fn unselect(self, id: u128) {
        self.selection.update(|selection| selection.remove(id));
    }

    /// Selects nothing any more.
    pub(crate) fn select_nothing(self) {
        self.selection.set(Selection::Nothing);
    }

    /// How many are selected.
    pub(crate) fn selected(self) -> u64 {
        match &*self.selection.read() {
            Selection::All => self.total.get().unwrap_or_default(),
            some => some.picked() as u64,
        }
    }

    /// Those that were picked one by one; `None` when all that match are selected.
    pub(crate) fn picked(self) -> Option<Vec<Row>> {
        match &*self.selection.read_untracked() {
            Selection::Some { rows, .. } => Some(rows.clone()),
            Selection::All | Selection::Nothing => None,
        }
    }

    /// How many match, for people.
    pub(super) fn total_text(self) -> String {
        self.total.get().map(format::count).unwrap_or_default()
    }
}
