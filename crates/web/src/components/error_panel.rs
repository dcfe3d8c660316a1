//! What went wrong, what to do, and the id by which the server's log knows the request.

use fanbase_domain::problem::ProblemCode;
use leptos::prelude::*;

use super::{CopyButton, Glyph, Place, StatePanel};
use crate::{api::ApiError, i18n::t};

/// What helps against an error.
#[derive(Clone)]
pub(crate) enum Remedy {
    /// Doing the same again.
    Retry(Callback<()>),
}

/// The sentence for people. The server's own is used where there is one: it knows the details.
pub(crate) fn error_text(error: &ApiError) -> String {
    match error {
        ApiError::Problem(problem) => problem.detail.clone(),
        ApiError::Unreachable => t().errors.unreachable.to_owned(),
        ApiError::Outdated => t().errors.outdated.to_owned(),
        ApiError::Unreadable { status } => (t().errors.unreadable)(*status),
    }
}

/// What kind of error it is, where that says more than what was attempted.
fn error_title(error: &ApiError) -> Option<&'static str> {
    let errors = &t().errors;
    Some(match error.code() {
        None if *error == ApiError::Unreachable => errors.unreachable_title,
        None if *error == ApiError::Outdated => return None,
        None => errors.server_title,
        Some(ProblemCode::Forbidden) => errors.forbidden_title,
        Some(ProblemCode::NotFound) => errors.not_found_title,
        Some(ProblemCode::Conflict | ProblemCode::EmailTaken | ProblemCode::NameTaken) => {
            errors.conflict_title
        }
        Some(ProblemCode::TooLarge) => errors.too_large_title,
        Some(ProblemCode::TooManyRequests | ProblemCode::Unavailable) => errors.busy_title,
        Some(ProblemCode::Internal) => errors.server_title,
        Some(_) => return None,
    })
}

/// In the place of what could not be shown. `title` says what was attempted.
#[component]
pub(crate) fn ErrorPanel(
    title: &'static str,
    error: ApiError,
    remedy: Remedy,
    place: Place,
) -> impl IntoView {
    let request = error.request_id().map(str::to_owned).map(|id| view! { <RequestId id /> });
    let Remedy::Retry(retry) = remedy;
    let remedy = match error {
        // The names of its files changed with the version: asking for them again can't help.
        ApiError::Outdated => view! {
            <button class="button" type="button" on:click=move |_| { _ = window().location().reload(); }>
                {t().errors.reload}
            </button>
        }.into_any(),
        _ => view! {
            <button class="button" type="button" on:click=move |_| { retry.try_run(()); }>{t().errors.retry}</button>
        }.into_any(),
    };
    let glyph = if error == ApiError::Unreachable { Glyph::Offline } else { Glyph::Alert };
    let detail = match error_title(&error) {
        Some(kind) => format!("{kind}. {}", error_text(&error)),
        None => error_text(&error),
    };
    view! {
        <StatePanel glyph bad=true place title detail>{remedy}{request}</StatePanel>
    }
}

/// Beside what could not be done: a form, a dialog, a part of a panel.
#[component]
pub(crate) fn ErrorNote(error: ApiError) -> impl IntoView {
    // What people did is explained by its sentence; the log helps where the server is at fault.
    let request = error.request_id().filter(|_| error.is_of_server()).map(str::to_owned);
    let request = request.map(|id| view! { <RequestId id /> });
    view! {
        <div class="notice" role="alert">
            <super::Icon glyph=Glyph::Alert />
            <div><p>{error_text(&error)}</p>{request}</div>
        </div>
    }
}

#[component]
fn RequestId(id: String) -> impl IntoView {
    view! {
        <p class="request-id">
            {t().errors.request}" "<code>{id.clone()}</code>
            <CopyButton text=id label=t().errors.copy_request />
        </p>
    }
}
