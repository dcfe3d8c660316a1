//! A tab for each type of fan, with how many the search and the filters find: links, since they
//! change the URL.

use fanbase_domain::fan::FanType;
use leptos::prelude::*;

use super::{Fans, count_of};
use crate::{
    components,
    i18n::{format, t},
    routes,
};

#[component]
pub(super) fn Tabs() -> impl IntoView {
    let fans: Fans = expect_context();
    let tabs = std::iter::once(None).chain(fans.audience().types().map(Some));
    let tabs = tabs.map(|kind| view! { <Tab kind fans /> });
    view! { <components::Tabs label=t().fans.types links=tabs.collect_view().into_any() /> }
}

#[component]
fn Tab(kind: Option<FanType>, fans: Fans) -> impl IntoView {
    let slug = fans.store.slug();
    let href = move || routes::fans(&slug, &fans.query.read().with_tab(kind));
    let current = move || {
        let types = &fans.query.read().filter.types;
        let here = match kind {
            None => types.is_empty(),
            Some(kind) => *types == [kind],
        };
        here.then_some("page")
    };
    let count =
        move || fans.counts.value().map(|counts| format::count(count_of(&counts, fans.audience(), kind)));
    view! {
        <a class="tab" href=href aria-current=current>
            {kind.map_or(t().fans.all, t().words.fan_types)}
            <span class="tab__count">{count}</span>
        </a>
    }
}
