//! What is known about a fan, as a list of names and values.

use std::sync::Arc;

use fanbase_domain::{custom_field, customer::AttributeValue, engagement::Engagement};
use leptos::prelude::*;

use super::Person;
use crate::{
    components::{ConsentBadge, Score},
    i18n::{
        format::{self, Formats},
        t,
    },
    pages::fans::Fans,
    routes,
    state::fans_query::{FansQuery, Filter},
};

/// Tags that are shown at once.
const TAGS: usize = 24;
/// Custom fields that are shown at once.
const FIELDS: usize = 8;

#[component]
pub(super) fn Details(known: Arc<Person>, fans: Fans) -> impl IntoView {
    let (fan, f, w) = (&known.fan, &t().fan, &t().words);
    let formats = Formats::new(fans.store.get().currency);
    let when = |at| {
        let exact = format::instant(at).unwrap_or_default();
        format!("{} · {exact}", format::ago(at))
    };
    let phone = known.customer.as_ref().and_then(|customer| customer.phone.clone());
    let source = match &fan.source_detail {
        Some(detail) => format!("{} · {detail}", (w.source)(fan.source)),
        None => (w.source)(fan.source).to_owned(),
    };
    let text = |name, value: Option<String>| value.map(|value| line(name, value.into_any()));
    let engagement = Engagement::of(&fan.attributes);
    let told =
        |name, told: Option<bool>| text(name, told.map(|told| if told { w.yes } else { w.no }.to_owned()));
    let mail = fan.consent.map(|consent| {
        let facts = [
            Some(line(f.consent, view! { <ConsentBadge consent /> }.into_any())),
            told(f.opens, engagement.opens),
            told(f.clicks, engagement.clicks),
        ];
        section(f.email, facts.into_iter().flatten().collect())
    });
    let facts = [
        text(f.status, fan.status.map(|status| (w.status)(status).to_owned())),
        text(f.account, Some(if fan.has_account { w.yes } else { w.no }.to_owned())),
        text(f.source, Some(source)),
        text(f.alias, fan.alias.clone()),
        text(f.phone, phone),
        text(f.spent, fan.total_spent.map(|minor| formats.money(minor))),
        fan.score.map(|points| line(f.score, view! { <Score points /> }.into_any())),
        (!fan.tags.is_empty()).then(|| line(f.tags, tags(&fan.tags, fans))),
        text(f.added, Some(when(fan.created_at))),
        text(f.last_active, fan.last_activity_at.map(when)),
    ];
    view! {
        <section class="panel__section">
            <h3 class="sr-only">{f.details}</h3>
            <dl class="facts">{facts.into_iter().flatten().collect_view()}</dl>
        </section>
        {mail}
    }
}

/// The tags, each a link to everyone who has it; of very many, the first ones.
fn tags(tags: &[String], fans: Fans) -> AnyView {
    let (first, rest) = tags.split_at(tags.len().min(TAGS));
    let link = |tag: &String| {
        let filter = Filter { tags: vec![tag.clone()], ..Filter::default() };
        let href = routes::fans(&fans.store.slug(), &FansQuery::of(fans.audience()).with_filter(filter));
        view! { <a class="tag" href=href>{tag.clone()}</a> }
    };
    let rest = (!rest.is_empty()).then(|| {
        let more = (t().fan.more_tags)(rest.len() as u64);
        view! {
            <details class="more-tags">
                <summary>{more}</summary>
                <span class="tags tags--all">{rest.iter().map(link).collect_view()}</span>
            </details>
        }
    });
    view! { <span class="tags tags--all">{first.iter().map(link).collect_view()}</span>{rest} }.into_any()
}

/// The custom fields; folded where there are many.
#[component]
pub(super) fn Profile(known: Arc<Person>) -> impl IntoView {
    let engagement = Engagement::of(&known.fan.attributes);
    let told = known.fan.attributes.iter().filter(|(key, _)| !engagement.is_told_by(key));
    let lines: Vec<AnyView> = told
        .map(|(key, value)| {
            let value = match value {
                AttributeValue::Text(text) => text.clone(),
                AttributeValue::List(values) => values.join(", "),
            };
            line(&label(key), value.into_any())
        })
        .collect();
    if lines.is_empty() {
        return ().into_any();
    }
    if lines.len() <= FIELDS {
        return section(t().fan.profile, lines);
    }
    let summary = (t().fan.profile_fields)(lines.len() as u64);
    view! {
        <details class="panel__section">
            <summary><h3>{summary}</h3></summary>
            <dl class="facts">{lines}</dl>
        </details>
    }
    .into_any()
}

fn section(name: &str, facts: Vec<AnyView>) -> AnyView {
    view! { <section class="panel__section"><h3>{name.to_owned()}</h3><dl class="facts">{facts}</dl></section> }
        .into_any()
}

pub(super) fn line(name: &str, value: AnyView) -> AnyView {
    view! { <div class="fact"><dt>{name.to_owned()}</dt><dd>{value}</dd></div> }.into_any()
}

/// What people call an attribute: its known name, else its key with spaces.
pub(super) fn label(key: &str) -> String {
    custom_field::known_label(key).map_or_else(
        || {
            let mut words = key.replace('_', " ");
            if let Some(first) = words.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            words
        },
        str::to_owned,
    )
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn attributes_have_names_for_people() {
        for (key, expected) in
            [("daw", "DAW"), ("favourite_plugin", "Favourite plugin"), ("élan", "élan"), ("", "")]
        {
            assert_eq!(label(key), expected);
        }
    }
}
