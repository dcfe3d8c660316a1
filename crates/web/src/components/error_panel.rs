//! What went wrong, what to do, and the id by which the server's log knows the request.

use leptos::prelude::*;

use super::{Glyph, Place, StatePanel};
use crate::{api::ApiError, i18n::t};

/// What helps against an error.
#[derive(Clone)]
pub(crate) enum Remedy {
    /// Doing the same again.
    Retry(Callback<()>),
    /// Going to another page, under this label.
    Go(String, &'static str),
}

/// The sentence for people. The server's own is used where there is one: it knows the details.
pub(crate) fn error_text(error: &ApiError) -> String {
    match error {
        ApiError::Problem(problem) => problem.detail.clone(),
        ApiError::Unreachable => t().errors.unreachable.to_owned(),
        ApiError::Unreadable { status } => (t().errors.unreadable)(*status),
    }
}

#[component]
pub(crate) fn ErrorPanel(
    title: &'static str,
    error: ApiError,
    remedy: Remedy,
    place: Place,
) -> impl IntoView {
    let request = error.request_id().map(str::to_owned);
    let request = request.map(|id| {
        view! { <p class="state__request">{t().errors.request}" "<code>{id}</code></p> }
    });
    let remedy = match remedy {
        Remedy::Retry(retry) => view! {
            <button class="button" type="button" on:click=move |_| retry.run(())>{t().errors.retry}</button>
        }
        .into_any(),
        Remedy::Go(href, label) => view! { <a class="button" href=href>{label}</a> }.into_any(),
    };
    view! {
        <StatePanel glyph=Glyph::Alert bad=true place title detail=error_text(&error)>
            {remedy}
            {request}
        </StatePanel>
    }
}
