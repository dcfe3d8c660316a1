//! The box in the head of the table that selects everything.

use leptos::{prelude::*, wasm_bindgen::JsCast};

use super::{Selection, Table};
use crate::i18n::t;

/// Selects all that match, or nothing.
#[component]
pub(super) fn SelectAll(table: Table) -> impl IntoView {
    let selection = table.selection;
    let toggle = move |event: web_sys::Event| {
        let next = if selection.read_untracked().is_empty() { Selection::All } else { Selection::Nothing };
        // The browser has turned the box, which shows only that all are selected.
        if let Some(checkbox) =
            event.target().and_then(|box_| box_.dyn_into::<web_sys::HtmlInputElement>().ok())
        {
            checkbox.set_checked(next.is_all());
        }
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
