//! What part of the list is shown, and links to the pages before and after it.

use fanbase_domain::wire::fans::FanCountsResponse;
use leptos::prelude::*;

use super::tabs::count_of;
use crate::{
    components::{Glyph, Icon},
    i18n::{format, t},
    routes,
    state::fans_query::FansQuery,
};

#[component]
pub(super) fn Pager(
    query: FansQuery,
    slug: String,
    shown: usize,
    counts: Signal<Option<FanCountsResponse>>,
    newer: Option<String>,
    older: Option<String>,
) -> impl IntoView {
    let kind = query.kind;
    let paged = newer.is_some() || older.is_some();
    let link =
        |cursor: Option<String>| cursor.map(|cursor| routes::fans(&slug, &query.with_cursor(Some(cursor))));
    let (newer, older) = (link(newer), link(older));
    let shown = move || {
        counts.read().as_ref().map(|counts| {
            (t().fans.shown)(&format::count(shown as u64), &format::count(count_of(counts, kind)))
        })
    };
    let pages = paged.then(|| {
        view! {
            <nav class="pager__pages" aria-label=t().fans.pages>
                <Step href=newer label=t().fans.newer glyph=Glyph::ChevronLeft rel="prev" />
                <Step href=older label=t().fans.older glyph=Glyph::ChevronRight rel="next" />
            </nav>
        }
    });
    view! {
        <footer class="pager">
            <p class="pager__shown" role="status">{shown}</p>
            <p class="pager__order">{t().fans.order}</p>
            {pages}
        </footer>
    }
}

/// A link to a neighbouring page; without one, the same words without a link.
#[component]
fn Step(href: Option<String>, label: &'static str, glyph: Glyph, rel: &'static str) -> impl IntoView {
    let disabled = href.is_none().then_some("true");
    view! {
        <a class="button button--small" data-step=rel href=href rel=rel aria-disabled=disabled
            role=disabled.map(|_| "link")>
            <Icon glyph />
            <span>{label}</span>
        </a>
    }
}
