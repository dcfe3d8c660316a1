//! One fan in the table.

use std::sync::Arc;

use crate::ui::prelude::*;
use fanbase_domain::{ids::FanId, wire::fans::FanResponse};
use leptos::wasm_bindgen::JsCast;

use super::{Fans, profile};
use crate::{
    components::{Avatar, ConsentBadge, Score, TagList, TypeBadge},
    i18n::{format::Formats, t},
    state::fans_query::Column,
};

/// The formats of a table.
type SharedFormats = StoredValue<Formats, LocalStorage>;

#[component]
pub(super) fn FanRow(
    index: u64,
    fan: Arc<FanResponse>,
    columns: Arc<[Column]>,
    formats: SharedFormats,
) -> impl IntoView {
    let fans: Fans = expect_context();
    let id = fan.id;
    let selected = move || fans.selection.read().has(id).to_string();
    let cells = columns.iter().map(|column| {
        view! { <div class="cell" role="gridcell" data-column=column.as_str()>{cell(*column, &fan, formats)}</div> }
    });
    let cells = cells.collect_view();
    view! {
        <div class="row" role="row" id=format!("fan-{index}") aria-rowindex=(index + 2).to_string()
            aria-selected=selected data-active=move || (fans.active.get() == Some(index)).then_some("")
            data-open=move || (fans.open.get() == Some(id)).then_some("")
            on:click=move |event| open(&event, fans, index, id)>
            <div class="cell cell--check" role="gridcell"><Check index fan=Arc::clone(&fan) fans /></div>
            <div class="cell" role="rowheader" data-column="fan"><Person fan fans /></div>
            {cells}
        </div>
    }
}

/// A click anywhere on the row opens it, but for what has a meaning of its own.
fn open(event: &web_sys::MouseEvent, fans: Fans, index: u64, id: FanId) {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let own = target.and_then(|target| target.closest("label, input").ok().flatten());
    if own.is_none() {
        fans.active.set(Some(index));
    }
    if own.is_none() && !event.default_prevented() {
        if event.shift_key() || event.ctrl_key() || event.meta_key() {
            fans.pick(index, event.shift_key());
        } else {
            fans.open(id);
        }
    }
}

#[component]
fn Check(index: u64, fan: Arc<FanResponse>, fans: Fans) -> impl IntoView {
    let id = fan.id;
    let label = (t().fans.select_fan)(fan.name.as_deref().unwrap_or(&fan.email));
    view! {
        <label class="check">
            <input type="checkbox" tabindex="-1" aria-label=label
                prop:checked=move || fans.selection.read().has(id)
                on:click=move |event| fans.pick(index, event.shift_key()) />
        </label>
    }
}

/// Picture, name and address; the address alone when there is no name.
#[component]
fn Person(fan: Arc<FanResponse>, fans: Fans) -> impl IntoView {
    let id = fan.id;
    let (name, email) = match &fan.name {
        Some(name) => (name.clone(), Some(fan.email.clone())),
        None => (fan.email.clone(), None),
    };
    view! {
        <Avatar name=fan.name.clone() email=fan.email.clone() picture=fan.avatar_url.clone() has_account=fan.has_account />
        <span class="person">
            <a class="person__name" tabindex="-1" href=move || fans.fan_href(id) title=name.clone()>{name.clone()}</a>
            {email.map(|email| view! { <span class="person__email" title=email.clone()>{email.clone()}</span> })}
        </span>
    }
}

fn cell(column: Column, fan: &FanResponse, formats: SharedFormats) -> AnyView {
    let instant = |at| {
        formats.with_value(|formats: &Formats| {
            view! { <time datetime=fanbase_domain::time::Timestamp::to_rfc3339(at) title=formats.instant(at)>{formats.ago(at)}</time> }
        })
    };
    let spent = || fan.total_spent.filter(|minor| *minor != 0);
    match column {
        Column::Type => view! { <TypeBadge kind=fan.r#type /> }.into_any(),
        Column::Source => source(fan),
        Column::Profile => or_dash(profile::line(&fan.attributes).map(clip)),
        Column::Tags if fan.tags.is_empty() => or_dash(None),
        Column::Tags => view! { <TagList tags=fan.tags.clone() /> }.into_any(),
        Column::Consent => or_dash(fan.consent.map(|consent| view! { <ConsentBadge consent /> }.into_any())),
        Column::Spent => or_dash(spent().map(|minor| formats.with_value(|f| f.money(minor)).into_any())),
        Column::Score => or_dash(fan.score.map(|points| view! { <Score points /> }.into_any())),
        Column::Created => instant(fan.created_at).into_any(),
        Column::Active => or_dash(fan.last_activity_at.map(|at| instant(at).into_any())),
    }
}

fn source(fan: &FanResponse) -> AnyView {
    let source = (t().words.source)(fan.source);
    let detail = fan.source_detail.clone();
    view! {
        <span class="two-lines">
            <span>{source}</span>
            {detail.map(|detail| view! { <small title=detail.clone()>{detail.clone()}</small> })}
        </span>
    }
    .into_any()
}

fn clip(text: String) -> AnyView {
    view! { <span class="clip" title=text.clone()>{text.clone()}</span> }.into_any()
}

/// A dash where there is nothing, with a word for who does not see it.
fn or_dash(value: Option<AnyView>) -> AnyView {
    value.unwrap_or_else(|| {
        view! {
            <span class="dash" aria-hidden="true">"–"</span>
            <span class="sr-only">{t().words.none}</span>
        }
        .into_any()
    })
}

/// The shapes of a row to come.
#[component]
pub(super) fn SkeletonRow(index: u64, columns: Arc<[Column]>) -> impl IntoView {
    let cells = columns.iter().map(|column| {
        view! { <div class="cell" role="gridcell" data-column=column.as_str()><span class="shape"></span></div> }
    });
    let cells = cells.collect_view();
    view! {
        <div class="row row--skeleton" role="row" aria-rowindex=(index + 2).to_string() aria-busy="true">
            <div class="cell cell--check" role="gridcell"></div>
            <div class="cell" role="rowheader" data-column="fan">
                <span class="shape shape--disc"></span><span class="shape shape--name"></span>
            </div>
            {cells}
        </div>
    }
}
