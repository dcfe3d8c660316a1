//! Those who became known last.

use std::sync::Arc;

use fanbase_domain::wire::fans::{FanPage, FanResponse};
use leptos::prelude::*;

use crate::{
    api,
    components::{Avatar, SkeletonLines, TypeBadge, When, loaded},
    i18n::t,
    routes,
    state::{fans_query::FansQuery, load::Load, store::CurrentStore},
};

/// Which, and how many.
const QUERY: &str = "sort=-created_at&limit=6";

#[component]
pub(super) fn Newest(store: CurrentStore) -> impl IntoView {
    let (o, id) = (&t().overview, store.id());
    let fans = Load::new(move || api::fans::list_fans(id, QUERY.to_owned()));
    let list = move |page: Arc<FanPage>| {
        let rows = page.items.iter().map(|fan| row(fan, store));
        view! { <ul class="newest">{rows.collect_view()}</ul> }
    };
    let waiting = || view! { <SkeletonLines lines=6 /> };
    let all = routes::fans(&store.slug(), &FansQuery::default());
    view! {
        <section class="block">
            <header class="block__head">
                <h2 class="block__title">{o.newest}</h2><a class="link" href=all>{o.all}</a>
            </header>
            {loaded(fans, o.newest, waiting, list)}
        </section>
    }
}

fn row(fan: &FanResponse, store: CurrentStore) -> AnyView {
    let name = fan.name.clone().unwrap_or_else(|| fan.email.clone());
    let href = routes::fan(&store.slug(), fan.id, &FansQuery::default());
    view! {
        <li class="newest__fan">
            <Avatar name=fan.name.clone() email=fan.email.clone() picture=fan.avatar_url.clone()
                has_account=fan.has_account />
            <span class="person">
                <a class="person__name" href=href>{name}</a>
                <span class="person__email">{fan.email.clone()}</span>
            </span>
            <TypeBadge kind=fan.r#type />
            <When at=fan.created_at class="newest__when" />
        </li>
    }
    .into_any()
}
