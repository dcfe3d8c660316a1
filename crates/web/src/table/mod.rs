//! A table over a whole list, however long: a few dozen rows are in the page ([`window`]), a few
//! blocks of rows are held ([`cache`]), and more are fetched as one scrolls ([`rows`]).
//!
//! A page gives it a list to fetch and draws the cells; scrolling, the keyboard, selecting and the
//! states of the list are the same everywhere.

mod cache;
mod grid;
mod head;
mod keys;
mod list;
mod observe;
mod row;
mod rows;
mod search;
mod select;
mod selected;
mod selection;
mod sort;
mod window;

use crate::ui::prelude::*;

pub(crate) use self::{
    grid::Layout,
    keys::is_elsewhere,
    list::List,
    row::{Row, or_dash},
    rows::{Block, Rows},
    search::SearchField,
    selected::SelectedBar,
    selection::Selection,
    sort::Sorting,
};
use crate::state::toasts::Toasts;

/// A list and how it is used.
#[derive(Clone, Copy)]
pub(crate) struct Table {
    pub rows: Rows,
    /// How many rows the list has, once that is known.
    pub total: Memo<Option<u64>>,
    /// Who is selected.
    pub selection: RwSignal<Selection>,
    /// The row that the keyboard is at.
    pub active: RwSignal<Option<u64>>,
    /// The row whose panel is open.
    pub open: Memo<Option<u128>>,
    /// Opens a row's panel.
    pub opener: Callback<Row>,
    toasts: Toasts,
}

impl Table {
    /// A table that shows the list from its start, with nothing selected.
    pub(crate) fn new(
        rows: Rows,
        total: impl Fn() -> Option<u64> + Send + Sync + 'static,
        open: Memo<Option<u128>>,
        opener: Callback<Row>,
    ) -> Self {
        Self {
            rows,
            // Counted, or known since its end is there.
            total: Memo::new(move || total().or_else(|| rows.end())),
            selection: RwSignal::new(Selection::default()),
            active: RwSignal::new(None),
            open,
            opener,
            toasts: expect_context(),
        }
    }

    /// Opens the neighbour of the row that the keyboard is at, for the panel.
    pub(crate) fn step(self, forward: bool) {
        let at = self.active.get_untracked().unwrap_or_default();
        let next = if forward { Some(at + 1) } else { at.checked_sub(1) };
        if let Some((next, row)) = next.and_then(|next| Some((next, self.rows.get(next)?))) {
            self.active.set(Some(next));
            self.opener.run(row);
        }
    }
}
