//! The table of fans in its states: rows, nobody, and what went wrong.

use crate::ui::prelude::*;

use super::{Fans, grid::Grid};
use crate::{
    components::{ErrorPanel, Glyph, Place, Remedy, StatePanel, error_text},
    i18n::t,
    routes::{self, StorePage},
    state::fans_query::FansQuery,
};

#[derive(Clone, Copy, PartialEq)]
enum State {
    Rows,
    Nobody,
    Failed,
}

#[component]
pub(super) fn FanList() -> impl IntoView {
    let fans: Fans = expect_context();
    let state = Memo::new(move || {
        if fans.rows.is_stale() && fans.rows.failure().is_some() {
            State::Failed
        } else if !fans.rows.is_stale() && fans.rows.end() == Some(0) {
            State::Nobody
        } else {
            State::Rows
        }
    });
    let content = move || match state.get() {
        State::Rows => view! { <Grid /> }.into_any(),
        State::Nobody => view! { <Nobody fans /> }.into_any(),
        State::Failed => failed(fans),
    };
    // Some rows are there; others could not be fetched.
    let missing = move || {
        let failure = fans.rows.failure().filter(|_| state.get() == State::Rows);
        failure.map(|error| {
            view! {
                <div class="list__failure" role="alert">
                    <span>{error_text(&error)}</span>
                    <button class="button button--small" type="button" on:click=move |_| fans.rows.retry()>
                        {t().errors.retry}
                    </button>
                </div>
            }
        })
    };
    view! {
        <div class="list" aria-busy=move || fans.rows.is_stale().to_string()>{content}{missing}</div>
    }
}

fn failed(fans: Fans) -> AnyView {
    let retry = Callback::new(move |()| {
        fans.rows.restart();
        fans.counts.again();
        fans.store.counts.again();
    });
    let error = move || fans.rows.failure();
    let panel = move || {
        error().map(|error| {
            view! { <ErrorPanel title=t().fans.failed error remedy=Remedy::Retry(retry) place=Place::Part /> }
        })
    };
    view! { <div class="list__state">{panel}</div> }.into_any()
}

/// Nobody to show: because of search or filters, or since the store is new.
#[component]
fn Nobody(fans: Fans) -> impl IntoView {
    let f = &t().fans;
    let slug = fans.store.slug();
    let content = move || {
        if fans.query.read().filter.is_empty() {
            let import = routes::store(&slug, StorePage::NewImport);
            view! {
                <StatePanel glyph=Glyph::Fans place=Place::Part title=f.empty_title detail=f.empty_detail>
                    <a class="button button--primary" href=import>{t().frame.import}</a>
                </StatePanel>
            }
            .into_any()
        } else {
            let everyone = routes::fans(&slug, &FansQuery::default());
            view! {
                <StatePanel glyph=Glyph::Search place=Place::Part title=f.nothing_title detail=f.nothing_detail>
                    <a class="button" href=everyone>{f.show_all}</a>
                </StatePanel>
            }
            .into_any()
        }
    };
    view! { <div class="list__state">{content}</div> }
}
