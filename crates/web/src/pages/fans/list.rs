//! The table of fans in its four states: skeleton, empty, error, data.

use fanbase_domain::{
    problem::ProblemCode,
    wire::fans::{FanCountsResponse, FanPage},
};
use leptos::{html, prelude::*};

use super::{pager::Pager, row::FanRow};
use crate::{
    api::ApiError,
    components::{ErrorPanel, Glyph, Place, Remedy, StatePanel},
    i18n::{format::Formats, t},
    routes,
    state::{fans_query::FansQuery, store::CurrentStore},
};

/// How many rows the skeleton has: enough to fill a window.
const SKELETON_ROWS: usize = 14;

#[component]
pub(super) fn FanList(
    query: Memo<FansQuery>,
    fans: LocalResource<Result<FanPage, ApiError>>,
    counts: Signal<Option<FanCountsResponse>>,
    retry: Callback<()>,
) -> impl IntoView {
    let current: CurrentStore = expect_context();
    let store = StoredValue::new(current.store);
    let (pending, set_pending) = signal(false);
    let scroller = NodeRef::<html::Div>::new();
    let content = move || {
        Suspend::new(async move {
            let answer = fans.await;
            let (query, store) = (query.get_untracked(), store.get_value());
            if let Some(scroller) = scroller.get_untracked() {
                scroller.set_scroll_top(0);
            }
            match answer {
                Err(error) => {
                    let remedy = remedy(&error, &store.slug, &query, retry);
                    view! { <ErrorPanel title=t().fans.failed error remedy place=Place::Part /> }.into_any()
                }
                Ok(page) if page.items.is_empty() => view! { <Nobody query slug=store.slug /> }.into_any(),
                Ok(page) => {
                    let formats = Formats::new(store.currency);
                    let shown = page.items.len();
                    let rows = page.items.into_iter().map(|fan| view! { <FanRow fan formats=&formats /> });
                    let rows = rows.collect_view();
                    view! {
                        <div class="scroller" tabindex="0" role="region" aria-label=t().fans.table
                            node_ref=scroller>
                            <FanTable>{rows}</FanTable>
                        </div>
                        <Pager query slug=store.slug shown counts newer=page.prev_cursor older=page.next_cursor />
                    }
                    .into_any()
                }
            }
        })
    };
    view! {
        <div class="list" aria-busy=move || pending.get().to_string()>
            <Transition fallback=Skeleton set_pending>{content}</Transition>
        </div>
    }
}

/// A cursor that no longer fits its list fails for ever: only the first page helps.
fn remedy(error: &ApiError, slug: &str, query: &FansQuery, retry: Callback<()>) -> Remedy {
    match error.code() {
        Some(ProblemCode::InvalidCursor) => {
            Remedy::Go(routes::fans(slug, &query.with_cursor(None)), t().errors.first_page)
        }
        _ => Remedy::Retry(retry),
    }
}

/// Nobody to show: because of the search, because of the tab, or since the store is new.
#[component]
fn Nobody(query: FansQuery, slug: String) -> impl IntoView {
    let f = &t().fans;
    let new_store = query == FansQuery::default();
    let (glyph, title, detail) = if query.is_searching() {
        (Glyph::Search, (f.nothing_found_title)(query.search.trim()), f.nothing_found_detail)
    } else if new_store {
        (Glyph::Fans, f.empty_title.to_owned(), f.empty_detail)
    } else {
        (Glyph::Fans, f.none_of_type_title.to_owned(), f.none_of_type_detail)
    };
    let action = if new_store {
        view! { <code class="state__command">{format!("fanbase import --store {slug} contacts.csv")}</code> }
            .into_any()
    } else {
        view! { <a class="button" href=routes::fans(&slug, &FansQuery::default())>{f.show_all}</a> }
            .into_any()
    };
    view! { <StatePanel glyph place=Place::Part title detail>{action}</StatePanel> }
}

/// The roles are written out, since on a phone the rows are laid out as cards, which would
/// otherwise end their being a table.
#[component]
fn FanTable(children: Children) -> impl IntoView {
    let f = &t().fans;
    view! {
        <table class="fans" role="table">
            <thead role="rowgroup">
                <tr role="row">
                    <th class="fans__fan" role="columnheader" scope="col">{f.fan}</th>
                    <th class="fans__type" role="columnheader" scope="col">{f.kind}</th>
                    <th class="fans__source" role="columnheader" scope="col">{f.source}</th>
                    <th class="fans__profile" role="columnheader" scope="col">{f.profile}</th>
                    <th class="fans__tags" role="columnheader" scope="col">{f.tags}</th>
                    <th class="fans__spent" role="columnheader" scope="col">{f.spent}</th>
                    <th class="fans__score" role="columnheader" scope="col">{f.score}</th>
                    <th class="fans__active" role="columnheader" scope="col">{f.last_active}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{children()}</tbody>
        </table>
    }
}

/// Gray shapes in the places of the rows to come.
#[component]
fn Skeleton() -> impl IntoView {
    let rows = (0..SKELETON_ROWS).map(|_| {
        view! {
            <li class="skeleton__row">
                <span class="skeleton__disc"></span>
                <span class="skeleton__lines"></span>
                <span class="skeleton__badge"></span>
                <span class="skeleton__text"></span>
                <span class="skeleton__text"></span>
            </li>
        }
    });
    view! {
        <div class="skeleton">
            <p class="sr-only" role="status">{t().fans.waiting}</p>
            <ul class="skeleton__rows" aria-hidden="true">{rows.collect_view()}</ul>
        </div>
    }
}
