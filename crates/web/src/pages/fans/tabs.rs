//! A tab for each type of fan, with how many the search finds: links, since they change the URL.

use fanbase_domain::{fan::FanType, wire::fans::FanCountsResponse};
use leptos::prelude::*;

use crate::{
    i18n::{format, t},
    routes,
    state::fans_query::FansQuery,
};

/// How many fans a tab has.
pub(super) fn count_of(counts: &FanCountsResponse, kind: Option<FanType>) -> u64 {
    let FanCountsResponse { total, lead, paying, subscription, user } = *counts;
    match kind {
        None => total,
        Some(FanType::Lead) => lead,
        Some(FanType::Paying) => paying,
        Some(FanType::Subscription) => subscription,
        Some(FanType::User) => user,
    }
}

#[component]
pub(super) fn Tabs(
    query: Memo<FansQuery>,
    counts: Signal<Option<FanCountsResponse>>,
    slug: String,
) -> impl IntoView {
    let tabs = std::iter::once(None).chain(FanType::ALL.map(Some));
    let tabs = tabs.map(|kind| view! { <Tab kind query counts slug=slug.clone() /> });
    view! { <nav class="tabs" aria-label=t().fans.types>{tabs.collect_view()}</nav> }
}

#[component]
fn Tab(
    kind: Option<FanType>,
    query: Memo<FansQuery>,
    counts: Signal<Option<FanCountsResponse>>,
    slug: String,
) -> impl IntoView {
    let href = move || routes::fans(&slug, &query.read().with_kind(kind));
    let current = move || (query.read().kind == kind).then_some("page");
    let count = move || counts.read().as_ref().map(|counts| format::count(count_of(counts, kind)));
    view! {
        <a class="tab" href=href aria-current=current>
            {kind.map_or(t().fans.all, t().fans.tab)}
            <span class="tab__count">{count}</span>
        </a>
    }
}
