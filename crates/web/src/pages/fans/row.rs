//! One fan in the table.

use fanbase_domain::wire::fans::FanResponse;
use leptos::prelude::*;

use super::profile;
use crate::{
    components::{Avatar, Score, TagList, TypeBadge},
    i18n::{format::Formats, t},
};

#[component]
pub(super) fn FanRow<'a>(fan: FanResponse, formats: &'a Formats) -> impl IntoView + use<> {
    let spent = fan.total_spent.filter(|minor| *minor != 0).map(|minor| formats.money(minor));
    let active = fan.last_activity_at.map(|at| {
        view! { <time datetime=at.to_rfc3339() title=formats.instant(at)>{formats.ago(at)}</time> }
    });
    let profile = profile::line(&fan.attributes)
        .map(|line| view! { <span class="clip" title=line.clone()>{line.clone()}</span> });
    let source = (t().source)(fan.source);
    view! {
        <tr role="row">
            <th class="fans__fan" role="rowheader" scope="row">
                <span class="person">
                    <Avatar name=fan.name.clone() email=fan.email.clone() picture=fan.avatar_url
                        has_account=fan.has_account />
                    <span class="person__text">{who(fan.name, fan.email)}</span>
                </span>
            </th>
            <td class="fans__type" role="cell"><TypeBadge kind=fan.r#type /></td>
            <td class="fans__source" role="cell">
                <span class="two-lines">
                    <span>{source}</span>
                    {fan.source_detail.map(|detail| view! { <small title=detail.clone()>{detail.clone()}</small> })}
                </span>
            </td>
            <td class="fans__profile" role="cell">{or_dash(profile)}</td>
            <td class="fans__tags" role="cell">
                {(!fan.tags.is_empty()).then(|| view! { <TagList tags=fan.tags /> })}
            </td>
            <td class="fans__spent" role="cell">{or_dash(spent)}</td>
            <td class="fans__score" role="cell">{or_dash(fan.score.map(|points| view! { <Score points /> }))}</td>
            <td class="fans__active" role="cell">{or_dash(active)}</td>
        </tr>
    }
}

/// Name and address; the address alone when there is no name.
fn who(name: Option<String>, email: String) -> impl IntoView {
    let title = email.clone();
    match name {
        Some(name) => view! {
            <span class="person__name" title=name.clone()>{name.clone()}</span>
            <span class="person__email" title=title>{email}</span>
        }
        .into_any(),
        None => view! { <span class="person__name" title=title>{email}</span> }.into_any(),
    }
}

/// A dash where there is nothing, with a word for who does not see it.
fn or_dash<V: IntoView + 'static>(value: Option<V>) -> AnyView {
    match value {
        Some(value) => value.into_any(),
        None => view! {
            <span class="dash" aria-hidden="true">"–"</span>
            <span class="sr-only">{t().none}</span>
        }
        .into_any(),
    }
}
