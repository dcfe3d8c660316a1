//! The search field of a list: what is typed is searched once the typing pauses.

use std::time::Duration;

use leptos::{ev, wasm_bindgen::JsCast};
use leptos::{html, prelude::*};

use super::keys;
use crate::components::{Glyph, Icon};

/// How long a pause in the typing has to be.
const PAUSE: Duration = Duration::from_millis(140);

#[component]
pub(crate) fn SearchField(
    /// What is searched, for who does not see it.
    label: &'static str,
    /// What it looks into.
    hint: &'static str,
    /// What is searched for now.
    search: Memo<String>,
    /// Searches for something else.
    on_search: Callback<String>,
) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let mut apply = debounce(PAUSE, move |typed: String| {
        if search.try_read_untracked().is_some_and(|search| *search != typed) {
            on_search.try_run(typed);
        }
    });
    let shortcut = window_event_listener(ev::keydown, move |event| {
        if event.key() == "/"
            && !event.ctrl_key()
            && !event.meta_key()
            && !keys::is_elsewhere(&event)
            && let Some(field) = field.get_untracked()
        {
            event.prevent_default();
            _ = field.focus();
            field.select();
        }
    });
    on_cleanup(move || shortcut.remove());
    let leave = move |event: web_sys::KeyboardEvent| {
        if matches!(event.key().as_str(), "ArrowDown" | "Enter") {
            event.prevent_default();
            if let Some(grid) = grid() {
                _ = grid.focus();
            }
        }
        if event.key() == "Escape"
            && let Some(field) = field.get_untracked()
        {
            event.prevent_default();
            _ = field.blur();
        }
    };
    view! {
        <search class="search-box">
            <label class="search">
                <Icon glyph=Glyph::Search />
                <span class="sr-only">{label}</span>
                <input class="search__input" type="search" node_ref=field placeholder=hint
                    autocomplete="off" spellcheck="false" enterkeyhint="search" aria-keyshortcuts="/"
                    prop:value=search on:input=move |event| apply(event_target_value(&event)) on:keydown=leave />
                <kbd class="key" aria-hidden="true">"/"</kbd>
            </label>
        </search>
    }
}

/// The list that is searched: there is one on a page.
fn grid() -> Option<web_sys::HtmlElement> {
    document().query_selector("[role=\"grid\"]").ok().flatten()?.dyn_into().ok()
}
