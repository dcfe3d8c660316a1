//! Selecting rows.

use fanbase_domain::wire::bulk::MAX_IDS;

use super::{Fans, Selection};
use crate::{
    components::error_text,
    i18n::{format, t},
    state::{task, toasts::Toasts},
};

impl Fans {
    /// Whether a row is selected.
    pub(super) fn is_selected(self, index: u64) -> bool {
        self.rows.get(index).is_some_and(|fan| self.selection.read_untracked().has(fan.id))
    }

    /// Selects a row or no longer; with `extend`, everything from the row that was picked last.
    pub(super) fn pick(self, index: u64, extend: bool) {
        self.active.set(Some(index));
        let anchor = self.selection.read_untracked().anchor().filter(|_| extend);
        if let Some(anchor) = anchor {
            self.pick_range(anchor.min(index), anchor.max(index));
        } else if let Some(fan) = self.rows.get(index) {
            self.selection.update(|selection| selection.toggle(index, &fan));
        }
    }

    fn pick_range(self, first: u64, last: u64) {
        let toasts: Toasts = self.toasts;
        let many = last - first >= MAX_IDS as u64;
        let last = last.min(first + MAX_IDS as u64 - 1);
        task::spawn(async move {
            match self.rows.range(first..last + 1).await {
                Ok(rows) => {
                    let fits = self.selection.try_update(|selection| selection.add(last, &rows));
                    if many || fits == Some(false) {
                        toasts.warn(t().fans.too_many_picked);
                    }
                }
                Err(error) => toasts.warn(error_text(&error)),
            }
        });
    }

    /// How many are selected.
    pub(super) fn selected(self) -> u64 {
        match &*self.selection.read() {
            Selection::All => self.total().unwrap_or_default(),
            some => some.picked() as u64,
        }
    }

    /// How many match, for people.
    pub(super) fn total_text(self) -> String {
        self.total().map(format::count).unwrap_or_default()
    }
}
