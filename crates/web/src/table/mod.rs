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
mod who;
mod window;

use leptos::prelude::*;

pub(crate) use self::{
    grid::Layout,
    keys::is_elsewhere,
    list::List,
    row::{Row, SlotRow, or_dash},
    rows::{Block, Rows},
    search::SearchField,
    selected::SelectedBar,
    selection::Selection,
    sort::Sorting,
    who::Who,
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
    /// A table that shows the list from its start, with nothing selected. `filter` says which rows there
    /// are, in whatever order.
    pub(crate) fn new(
        rows: Rows,
        total: impl Fn() -> Option<u64> + Send + Sync + 'static,
        filter: Memo<String>,
        open: Memo<Option<u128>>,
        opener: Callback<Row>,
    ) -> Self {
        let table = Self {
            rows,
            // Counted, or known since its end is there.
            total: Memo::new(move |_| total().or_else(|| rows.end())),
            selection: RwSignal::new(Selection::default()),
            active: RwSignal::new(None),
            open,
            opener,
            toasts: expect_context(),
        };
        // A selection belongs to its list: another list starts without one.
        Effect::new(move || {
            filter.read();
            table.select_nothing();
        });
        table
    }

    /// Opens the neighbour of the row whose panel is open.
    pub(crate) fn step(self, forward: bool) {
        let open = *self.open.read_untracked();
        let shown = open.and_then(|id| self.rows.position(id));
        let next = match shown.or_else(|| self.active.get_untracked()) {
            Some(at) if forward => Some(at + 1),
            Some(at) => at.checked_sub(1),
            // The panel was opened by its address, and its row is nowhere near: from the start.
            None => Some(0),
        };
        if let Some((next, row)) = next.and_then(|next| Some((next, self.rows.get(next)?))) {
            self.active.set(Some(next));
            self.opener.try_run(row);
        }
    }
}
