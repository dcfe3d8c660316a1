//! The states of a list: rows, nothing to show, and what went wrong.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    Table,
    grid::{Grid, Layout},
    row::Cells,
};
use crate::{
    components::{ErrorPanel, Place, Remedy, error_text},
    i18n::t,
};

#[derive(Clone, Copy, PartialEq)]
enum State {
    Rows,
    Nothing,
    Failed,
}

/// The table in whatever state its list is.
#[component]
pub(crate) fn List(
    table: Table,
    /// What the rows are.
    label: &'static str,
    layout: Memo<Layout>,
    /// The heads of the columns, the first one included.
    #[prop(into)]
    head: ViewFn,
    cells: Cells,
    /// In the place of rows when there are none.
    #[prop(into)]
    nothing: ViewFn,
    /// What was attempted when it failed.
    failed: &'static str,
    /// Tries it again.
    retry: Callback<()>,
) -> impl IntoView {
    let state = Memo::new(move |_| {
        if table.rows.is_stale() && table.rows.failure().is_some() {
            State::Failed
        } else if !table.rows.is_stale() && table.rows.end() == Some(0) {
            State::Nothing
        } else {
            State::Rows
        }
    });
    let content = move || match state.get() {
        State::Rows => view! {
            <Grid table label layout head=head.clone() cells=Arc::clone(&cells) />
        }
        .into_any(),
        State::Nothing => view! { <div class="list__state">{nothing.run()}</div> }.into_any(),
        State::Failed => view! { <div class="list__state">{failure(table, failed, retry)}</div> }.into_any(),
    };
    // Some rows are there; others could not be fetched.
    let missing = move || {
        let failure = table.rows.failure().filter(|_| state.get() == State::Rows);
        failure.map(|error| {
            view! {
                <div class="list__failure" role="alert">
                    <span>{error_text(&error)}</span>
                    <button class="button button--small" type="button" on:click=move |_| table.rows.retry()>
                        {t().errors.retry}
                    </button>
                </div>
            }
        })
    };
    view! {
        <div class="list" aria-busy=move || table.rows.is_stale().to_string()>{content}{missing}</div>
    }
}

fn failure(table: Table, title: &'static str, retry: Callback<()>) -> AnyView {
    let panel = move || {
        table.rows.failure().map(|error| {
            view! { <ErrorPanel title error remedy=Remedy::Retry(retry) place=Place::Part /> }
        })
    };
    panel.into_any()
}
