//! The search field: what is typed goes into the URL once the typing pauses.

use std::time::Duration;

use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast};

use crate::{
    components::{Glyph, Icon},
    i18n::t,
    router::{Leave, Router},
    routes,
    state::fans_query::FansQuery,
};

/// How long a pause in the typing has to be.
const PAUSE: Duration = Duration::from_millis(180);

#[component]
pub(super) fn SearchField(query: Memo<FansQuery>, slug: String) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let router: Router = expect_context();
    let search = Memo::new(move |_| query.read().search.clone());
    let mut apply = debounce(PAUSE, move |typed: String| {
        let changed =
            query.try_with_untracked(|query| (query.search != typed).then(|| query.with_search(&typed)));
        if let Some(Some(query)) = changed {
            router.go(&routes::fans(&slug, &query), Leave::Replace);
        }
    });
    let shortcut = window_event_listener(ev::keydown, move |event| {
        if event.key() == "/"
            && !event.ctrl_key()
            && !event.meta_key()
            && !is_typing(&event)
            && let Some(field) = field.get_untracked()
        {
            event.prevent_default();
            _ = field.focus();
            field.select();
        }
    });
    on_cleanup(move || shortcut.remove());
    view! {
        <search class="toolbar">
            <label class="search">
                <Icon glyph=Glyph::Search />
                <span class="sr-only">{t().fans.search}</span>
                <input class="search__input" type="search" node_ref=field placeholder=t().fans.search_hint
                    autocomplete="off" spellcheck="false" enterkeyhint="search" aria-keyshortcuts="/"
                    prop:value=search on:input=move |event| apply(event_target_value(&event)) />
                <kbd class="search__key" aria-hidden="true">"/"</kbd>
            </label>
        </search>
    }
}

/// Whether the key was pressed where it means a character.
fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok());
    target.is_some_and(|target| {
        target.is_content_editable() || matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    })
}
