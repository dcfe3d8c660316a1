//! The box in the head of the table that selects everything.

use crate::ui::prelude::*;

use super::{Selection, Table};
use crate::i18n::t;

/// Selects all that match, or nothing.
#[component]
pub(super) fn SelectAll(table: Table) -> impl IntoView {
    let selection = table.selection;
    let toggle = move |_| {
        let next = if selection.read_untracked().is_empty() { Selection::All } else { Selection::Nothing };
        selection.set(next);
    };
    let picked = move || selection.read().picked() > 0;
    let label = move || match selection.read().is_empty() {
        true => (t().table.select_all)(&table.total_text()),
        false => t().table.select_none.to_owned(),
    };
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=move || selection.read().is_all()
                prop:indeterminate=picked on:change=toggle aria-label=label />
        </label>
    }
}
