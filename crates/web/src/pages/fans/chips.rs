//! A chip for each filter that is set: a click changes it, the cross takes it away.

use fanbase_domain::money::Currency;
use leptos::prelude::*;

use super::{Fans, catalogue::Catalogue, filter_editors::PartEditor};
use crate::{
    components::{Glyph, Icon, Popover},
    i18n::{format, t},
    router::Leave,
    state::fans_query::{Filter, Part, Range, Span},
};

#[component]
pub(super) fn Chips() -> impl IntoView {
    let fans: Fans = expect_context();
    let parts = move || {
        let query = fans.query.read();
        Part::ALL.into_iter().filter(|part| query.filter.has(*part)).collect::<Vec<_>>()
    };
    let chip = move |part: Part| view! { <Chip part fans /> };
    let several = move || {
        (parts().len() > 1).then(|| {
            let clear = move |_| {
                let query = fans.query.get_untracked();
                let filter = Part::ALL.iter().fold(query.filter.clone(), |filter, part| filter.without(*part));
                fans.show(&query.with_filter(filter), Leave::Keep);
            };
            view! {
                <button class="button button--quiet" type="button" on:click=clear>{t().fans.clear_filters}</button>
            }
        })
    };
    view! { <For each=parts key=|part| *part children=chip />{several} }
}

#[component]
fn Chip(part: Part, fans: Fans) -> impl IntoView {
    let currency = fans.store.get().currency;
    let name = (t().fans.part)(part);
    let face = move || {
        let value = move || describe(&fans.query.read().filter, part, currency, fans.catalogue);
        view! { <span class="chip__name">{name}</span><span class="chip__value">{value}</span> }
    };
    let editor = move || view! { <PartEditor part /> }.into_any();
    let remove = move |_| {
        let query = fans.query.get_untracked();
        fans.show(&query.with_filter(query.filter.without(part)), Leave::Keep);
    };
    view! {
        <div class="chip">
            <Popover label=name class="chip__face" role="dialog" trigger=face children=editor />
            <button class="chip__remove" type="button" aria-label=(t().components.remove)(name) on:click=remove>
                <Icon glyph=Glyph::Close />
            </button>
        </div>
    }
}

/// What a part of the filter asks for, in words.
fn describe(filter: &Filter, part: Part, currency: Currency, catalogue: Catalogue) -> String {
    let (f, w) = (&t().fans, &t().words);
    let any = |words: Vec<&str>| words.join(f.or);
    match part {
        Part::Type => any(filter.types.iter().map(|kind| (w.fan_type)(*kind)).collect()),
        Part::Tag => any(filter.tags.iter().map(String::as_str).collect()),
        Part::Source => any(filter.sources.iter().map(|source| (w.source)(*source)).collect()),
        Part::Consent => any(filter.consents.iter().map(|consent| (w.consent)(*consent)).collect()),
        Part::Status => filter.status.map(w.status).unwrap_or_default().to_owned(),
        Part::Account => match filter.account {
            Some(true) => f.with_account.to_owned(),
            _ => f.without_account.to_owned(),
        },
        Part::Spent => range(filter.spent, |minor| format::Formats::new(currency).money(minor)),
        Part::Score => range(filter.score, |points| points.to_string()),
        Part::Course | Part::Product => catalogue.titles(part, filter).join(f.or),
        Part::Progress => range(filter.progress, format::percent),
        Part::Created => span(&filter.created),
        Part::Active => span(&filter.active),
    }
}

fn range((min, max): Range, write: impl Fn(i64) -> String) -> String {
    let f = &t().fans;
    match (min, max) {
        (Some(min), Some(max)) => (f.between)(&write(min), &write(max)),
        (Some(min), None) => (f.from_on)(&write(min)),
        (None, Some(max)) => (f.up_to)(&write(max)),
        (None, None) => String::new(),
    }
}

fn span(span: &Span) -> String {
    let f = &t().fans;
    let date = |text: &String| format::date(text);
    let parts = [
        span.within.map(|days| (f.within)(days)),
        span.not_within.map(|days| (f.not_within)(days)),
        span.after.as_ref().map(|text| (f.after_date)(&date(text))),
        span.before.as_ref().map(|text| (f.before_date)(&date(text))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
