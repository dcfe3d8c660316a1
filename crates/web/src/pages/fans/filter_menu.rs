//! The button that adds a filter: first which, then what; or both at once by a few letters.

use leptos::wasm_bindgen::JsCast;
use leptos::{html, prelude::*};

use super::{
    Fans,
    filter_editors::{PartEditor, choices, turn},
};
use crate::{
    components::{Glyph, Icon, Popover, renew},
    i18n::{case, t},
    state::fans_query::Part,
};

/// Values that are offered for what was typed.
const OFFERED: usize = 8;

#[component]
pub(super) fn FilterMenu() -> impl IntoView {
    let face = || view! { <Icon glyph=Glyph::Plus /><span>{t().fans.add_filter}</span> };
    let content = || view! { <Choice /> }.into_any();
    view! {
        <Popover label=t().fans.add_filter class="button button--quiet" role="dialog" trigger=face
            children=content />
    }
}

#[component]
fn Choice() -> impl IntoView {
    let (chosen, around) = (RwSignal::new(None::<Part>), NodeRef::<html::Div>::new());
    let choose = Callback::new(move |part: Option<Part>| {
        chosen.set(part);
        if let Some(around) = around.get_untracked() {
            renew(&around);
        }
    });
    let content = move || match chosen.get() {
        Some(part) => view! { <Editor part choose /> }.into_any(),
        None => view! { <Find choose /> }.into_any(),
    };
    view! { <div node_ref=around>{content}</div> }
}

/// One kind of filter, and the way back to all.
#[component]
fn Editor(part: Part, choose: Callback<Option<Part>>) -> impl IntoView {
    view! {
        <header class="menu__head">
            <button class="icon-button" type="button" data-back="" aria-label=t().fans.all_filters
                title=t().fans.all_filters on:click=move |_| { choose.try_run(None); }>
                <Icon glyph=Glyph::ChevronLeft />
            </button>
            <p class="menu__title">{(t().fans.part)(part)}</p>
        </header>
        <PartEditor part />
    }
}

/// All kinds, and the values that what is typed finds.
#[component]
fn Find(choose: Callback<Option<Part>>) -> impl IntoView {
    let fans: Fans = expect_context();
    let (typed, list) = (RwSignal::new(String::new()), NodeRef::<html::Div>::new());
    let lines = move || {
        let typed = case::lower(typed.read().trim());
        let kinds = Part::ALL.into_iter().filter(|part| case::lower((t().fans.part)(*part)).contains(&typed));
        let kinds = kinds.map(|part| {
            view! {
                <button class="menu__item" type="button" on:click=move |_| { choose.try_run(Some(part)); }>
                    <span class="menu__text">{(t().fans.part)(part)}</span>
                    <Icon glyph=Glyph::ChevronRight />
                </button>
            }
            .into_any()
        });
        let values = found(fans, &typed).into_iter().map(|(part, code, label)| {
            view! {
                <button class="menu__item" type="button" data-close="" on:click=move |_| turn(fans, part, &code)>
                    <span class="menu__text">{label}</span>
                    <span class="choice__count">{(t().fans.part)(part)}</span>
                </button>
            }.into_any()
        });
        let lines: Vec<_> = kinds.chain(values).collect();
        match lines.is_empty() {
            true => view! { <p class="menu__note">{t().fans.no_filter}</p> }.into_any(),
            false => lines.into_any(),
        }
    };
    let first = move |event: web_sys::KeyboardEvent| {
        let first = list.get_untracked().and_then(|list| list.query_selector("button").ok().flatten());
        if event.key() == "Enter"
            && let Some(first) = first.and_then(|first| first.dyn_into::<web_sys::HtmlElement>().ok())
        {
            event.prevent_default();
            first.click();
        }
    };
    view! {
        <input class="field__input" type="search" placeholder=t().fans.find_filter aria-label=t().fans.find_filter
            on:input=move |event| typed.set(event_target_value(&event)) on:keydown=first />
        <div class="choices" node_ref=list>{lines}</div>
    }
}

/// The values whose names have what was typed: of the kinds that have names.
fn found(fans: Fans, typed: &str) -> Vec<(Part, String, String)> {
    if typed.is_empty() {
        return Vec::new();
    }
    let tags = fans.store.tags.value();
    let tags =
        tags.iter().flat_map(|tags| tags.iter()).map(|tag| (Part::Tag, tag.name.clone(), tag.name.clone()));
    let rest = Part::ALL
        .into_iter()
        .flat_map(|part| choices(part).into_iter().map(move |(code, label)| (part, code, label)));
    tags.chain(rest).filter(|(_, _, label)| case::lower(label).contains(typed)).take(OFFERED).collect()
}
