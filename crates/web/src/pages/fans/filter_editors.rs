//! What a filter can ask for: an editor for each of its parts. What is chosen holds at once.

use std::sync::Arc;

use fanbase_domain::{
    consent::Consent, customer::CustomerStatus, fan::FanType, source::Source, wire::catalogue::ItemResponse,
};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::Fans;
use crate::{
    components::{SkeletonLines, loaded},
    i18n::{case, format, t},
    router::Leave,
    state::fans_query::{Filter, Part, Range, Span},
};

/// The spans that are offered, in days.
const SPANS: [u32; 5] = [1, 7, 30, 90, 365];

#[component]
pub(super) fn PartEditor(part: Part) -> impl IntoView {
    let fans: Fans = expect_context();
    match part {
        Part::Tag => view! { <TagChoice fans /> }.into_any(),
        Part::Course | Part::Product => view! { <ItemChoice part fans /> }.into_any(),
        Part::Spent | Part::Score | Part::Progress => view! { <RangeEditor part fans /> }.into_any(),
        Part::Created | Part::Active => view! { <SpanEditor part fans /> }.into_any(),
        Part::Type | Part::Source | Part::Consent | Part::Status | Part::Account => {
            view! { <Choices part choices=choices(part) fans /> }.into_any()
        }
    }
}

/// What a part can ask for that has fixed values: their codes, and what they are called.
pub(super) fn choices(part: Part) -> Vec<(String, String)> {
    let w = &t().words;
    let name = |code: &str, label: &str| (code.to_owned(), label.to_owned());
    match part {
        Part::Type => FanType::ALL.map(|kind| name(kind.as_str(), (w.fan_type)(kind))).to_vec(),
        Part::Source => Source::ALL.map(|source| name(source.as_str(), (w.source)(source))).to_vec(),
        Part::Consent => Consent::ALL.map(|consent| name(consent.as_str(), (w.consent)(consent))).to_vec(),
        Part::Status => CustomerStatus::ALL.map(|status| name(status.as_str(), (w.status)(status))).to_vec(),
        Part::Account => vec![name("true", t().fans.with_account), name("false", t().fans.without_account)],
        Part::Tag
        | Part::Course
        | Part::Product
        | Part::Spent
        | Part::Score
        | Part::Progress
        | Part::Created
        | Part::Active => Vec::new(),
    }
}

/// The codes that a part of the filter has.
fn codes(filter: &Filter, part: Part) -> Vec<String> {
    let own = |codes: Vec<&str>| codes.into_iter().map(str::to_owned).collect();
    match part {
        Part::Type => own(filter.types.iter().map(|kind| kind.as_str()).collect()),
        Part::Source => own(filter.sources.iter().map(|source| source.as_str()).collect()),
        Part::Consent => own(filter.consents.iter().map(|consent| consent.as_str()).collect()),
        Part::Status => own(filter.status.iter().map(|status| status.as_str()).collect()),
        Part::Account => filter.account.iter().map(bool::to_string).collect(),
        Part::Tag => filter.tags.clone(),
        Part::Course => filter.courses.iter().map(ToString::to_string).collect(),
        Part::Product => filter.products.iter().map(ToString::to_string).collect(),
        Part::Spent | Part::Score | Part::Progress | Part::Created | Part::Active => Vec::new(),
    }
}

/// The filter with other codes for a part; of those that can have one only, the last one.
fn with_codes(filter: &Filter, part: Part, codes: Vec<String>) -> Filter {
    let mut filter = filter.without(part);
    let last = codes.last().cloned().unwrap_or_default();
    match part {
        Part::Type => filter.types = codes.iter().filter_map(|code| FanType::parse(code)).collect(),
        Part::Source => filter.sources = codes.iter().filter_map(|code| Source::parse(code)).collect(),
        Part::Consent => filter.consents = codes.iter().filter_map(|code| Consent::parse(code)).collect(),
        Part::Status => filter.status = CustomerStatus::parse(&last),
        Part::Account => filter.account = last.parse().ok(),
        Part::Tag => filter.tags = codes,
        Part::Course => filter.courses = codes.iter().filter_map(|code| code.parse().ok()).collect(),
        Part::Product => filter.products = codes.iter().filter_map(|code| code.parse().ok()).collect(),
        Part::Spent | Part::Score | Part::Progress | Part::Created | Part::Active => {}
    }
    filter
}

/// Ticks one of the codes, or no longer.
pub(super) fn turn(fans: Fans, part: Part, code: &str) {
    let query = fans.query.get_untracked();
    let mut codes = codes(&query.filter, part);
    match codes.iter().position(|held| held == code) {
        Some(at) => drop(codes.remove(at)),
        None => codes.push(code.to_owned()),
    }
    fans.show(&query.with_filter(with_codes(&query.filter, part, codes)), Leave::Replace);
}

/// Words to tick.
#[component]
fn Choices(part: Part, choices: Vec<(String, String)>, fans: Fans) -> impl IntoView {
    let lines = choices
        .into_iter()
        .map(|(code, label)| view! { <ChoiceLine part code label count="".to_owned() fans /> });
    view! { <div class="choices">{lines.collect_view()}</div> }
}

#[component]
fn ChoiceLine(part: Part, code: String, label: String, count: String, fans: Fans) -> impl IntoView {
    let held = code.clone();
    let ticked = move || codes(&fans.query.read().filter, part).contains(&held);
    view! {
        <label class="choice">
            <input type="checkbox" prop:checked=ticked on:change=move |_| turn(fans, part, &code) />
            <span class="choice__label">{label}</span>
            <span class="choice__count">{count}</span>
        </label>
    }
}

/// The tags of the store, found by a part of their names.
#[component]
fn TagChoice(fans: Fans) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let lines = move || {
        let tags = fans.store.tags.value();
        let typed = case::lower(&typed.read());
        let tags = tags.iter().flat_map(|tags| tags.iter());
        let lines = tags.filter(|tag| case::lower(&tag.name).contains(&typed)).take(80).map(|tag| {
            let (code, count) = (tag.name.clone(), format::count(tag.customers));
            view! { <ChoiceLine part=Part::Tag label=code.clone() code count fans /> }
        });
        let lines: Vec<_> = lines.collect();
        match lines.is_empty() {
            true => view! { <p class="menu__note">{t().fans.no_tags}</p> }.into_any(),
            false => lines.into_any(),
        }
    };
    view! {
        <input class="field__input" type="search" placeholder=t().fans.find_tag aria-label=t().fans.find_tag
            on:input=move |event| typed.set(event_target_value(&event)) />
        <div class="choices">{lines}</div>
    }
}

/// The courses or products of the store.
#[component]
fn ItemChoice(part: Part, fans: Fans) -> impl IntoView {
    let items = fans.catalogue.items(part);
    let waiting = || view! { <SkeletonLines lines=3 /> };
    let lines = move |items: Arc<Option<Vec<ItemResponse>>>| match &*items {
        // They were not asked for until now.
        None => waiting().into_any(),
        Some(items) if items.is_empty() => view! { <p class="menu__note">{t().fans.no_items}</p> }.into_any(),
        Some(items) => {
            let lines = items.iter().map(|item| {
                let (code, label) = (item.id.to_string(), item.title.clone());
                view! { <ChoiceLine part code label count="".to_owned() fans /> }
            });
            lines.collect_view().into_any()
        }
    };
    view! { <div class="choices">{loaded(items, t().fans.items_failed, waiting, lines)}</div> }
}

/// The range that a part of the filter has.
fn range(filter: &mut Filter, part: Part) -> &mut Range {
    match part {
        Part::Spent => &mut filter.spent,
        Part::Progress => &mut filter.progress,
        _ => &mut filter.score,
    }
}

/// Least and most, of money, points or per cent.
#[component]
fn RangeEditor(part: Part, fans: Fans) -> impl IntoView {
    let currency = fans.store.get().currency;
    let held: Range = *range(&mut fans.query.get_untracked().filter, part);
    let write =
        |value: i64| if part == Part::Spent { currency.format_minor(value) } else { value.to_string() };
    let text = |value: Option<i64>| RwSignal::new(value.map(write).unwrap_or_default());
    let (min, max) = (text(held.0), text(held.1));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let read = |text: String| match part {
            Part::Spent => currency.parse_minor(&text),
            _ => text.trim().parse().ok(),
        };
        let query = fans.query.get_untracked();
        let mut filter = query.filter.clone();
        *range(&mut filter, part) = (read(min.get_untracked()), read(max.get_untracked()));
        fans.show(&query.with_filter(filter), Leave::Replace);
    };
    let step = if part == Part::Spent { "any" } else { "1" };
    let field = |label: &'static str, value: RwSignal<String>| {
        view! {
            <label class="field">
                <span class="field__label">{label}</span>
                <input class="field__input" type="number" step=step inputmode="decimal" prop:value=value
                    on:input=move |event| value.set(event_target_value(&event)) />
            </label>
        }
    };
    view! {
        <form class="range" on:submit=submit>
            {field(t().fans.at_least, min)}
            {field(t().fans.at_most, max)}
            <button class="button button--primary" type="submit" data-close="">{t().fans.apply}</button>
        </form>
    }
}

/// A span counted back from now, or by dates.
#[component]
fn SpanEditor(part: Part, fans: Fans) -> impl IntoView {
    let f = &t().fans;
    let span = move || {
        let filter = &fans.query.read().filter;
        if part == Part::Created { filter.created.clone() } else { filter.active.clone() }
    };
    let set = move |span: Span| {
        let query = fans.query.get_untracked();
        let mut filter = query.filter.clone();
        *(if part == Part::Created { &mut filter.created } else { &mut filter.active }) = span;
        fans.show(&query.with_filter(filter), Leave::Replace);
    };
    let preset = move |label: String, wanted: Span| {
        let is = wanted.clone();
        view! {
            <button class="choice" type="button" aria-pressed=move || (span() == is).to_string() data-close=""
                on:click=move |_| set(wanted.clone())>
                <span class="choice__label">{label}</span>
            </button>
        }
    };
    let within = SPANS.map(|days| preset((f.within)(days), Span { within: Some(days), ..Span::default() }));
    let not = SPANS[2..]
        .iter()
        .map(|days| preset((f.not_within)(*days), Span { not_within: Some(*days), ..Span::default() }));
    let dated = move |change: fn(&mut Span, Option<String>), text: String| {
        let mut dates = Span { within: None, not_within: None, ..untrack(span) };
        change(&mut dates, Some(text).filter(|text| !text.is_empty()));
        set(dates);
    };
    view! {
        <div class="choices">{within.into_iter().collect_view()}{not.collect_view()}</div>
        <div class="range">
            <label class="field">
                <span class="field__label">{f.on_or_after}</span>
                <input class="field__input" type="date" prop:value=move || span().after.unwrap_or_default()
                    on:change=move |event| dated(|span, date| span.after = date, event_target_value(&event)) />
            </label>
            <label class="field">
                <span class="field__label">{f.before}</span>
                <input class="field__input" type="date" prop:value=move || span().before.unwrap_or_default()
                    on:change=move |event| dated(|span, date| span.before = date, event_target_value(&event)) />
            </label>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ticked_is_in_the_filter() {
        for (part, picked) in [
            (Part::Type, vec!["lead", "user"]),
            (Part::Tag, vec!["vip", "a b"]),
            (Part::Source, vec!["api"]),
            (Part::Consent, vec!["bounced", "complained"]),
            (Part::Course, vec!["0199f1c2-6a35-7c2e-9a57-3c1d2b8e4f10"]),
        ] {
            let picked: Vec<String> = picked.into_iter().map(str::to_owned).collect();
            assert_eq!(codes(&with_codes(&Filter::default(), part, picked.clone()), part), picked);
        }
    }

    #[test]
    fn of_what_can_be_one_thing_only_the_last_tick_counts() {
        let both = ["active", "inactive"].map(str::to_owned).to_vec();
        let filter = with_codes(&Filter::default(), Part::Status, both);
        assert_eq!(codes(&filter, Part::Status), ["inactive"]);
        assert_eq!(with_codes(&filter, Part::Status, Vec::new()), Filter::default());
    }
}
