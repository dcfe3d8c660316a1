//! The search field: what is typed goes into the URL once the typing pauses.

use std::time::Duration;

use crate::ui::prelude::*;
use leptos::ev;

use super::{Fans, keys};
use crate::{
    components::{Glyph, Icon},
    i18n::t,
    router::Leave,
};

/// How long a pause in the typing has to be.
const PAUSE: Duration = Duration::from_millis(140);

#[component]
pub(super) fn SearchField() -> impl IntoView {
    let fans: Fans = expect_context();
    let field = NodeRef::<web_sys::HtmlInputElement>::new();
    let search = Memo::new(move || fans.query.read().filter.search.clone());
    let mut apply = debounce(PAUSE, move |typed: String| {
        let query = fans.query.try_read_untracked();
        if let Some(query) = query.filter(|query| query.filter.search != typed) {
            fans.show(&query.with_search(&typed), Leave::Replace);
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
                <span class="sr-only">{t().fans.search}</span>
                <input class="search__input" type="search" node_ref=field placeholder=t().fans.search_hint
                    autocomplete="off" spellcheck="false" enterkeyhint="search" aria-keyshortcuts="/"
                    prop:value=search on:input=move |event| apply(event_target_value(&event)) on:keydown=leave />
                <kbd class="key" aria-hidden="true">"/"</kbd>
            </label>
        </search>
    }
}
