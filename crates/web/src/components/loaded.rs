//! The states of what is loaded: shapes of it, what went wrong, the thing itself.

use std::sync::Arc;

use crate::ui::prelude::*;

use super::{ErrorPanel, Place, Remedy};
use crate::{api::ApiError, state::load::Load};

/// Shows what is loaded, whatever has become of it. `failed` says what was attempted.
pub(crate) fn loaded<T: Send + Sync + 'static>(
    load: Load<T>,
    failed: &'static str,
    waiting: fn() -> AnyView,
    show: impl Fn(Arc<T>) -> AnyView + 'static,
) -> AnyView {
    let view = move || match load.get() {
        None => waiting(),
        Some(Ok(value)) => show(value),
        Some(Err(error)) => failure(failed, error, Callback::new(move |()| load.retry())),
    };
    view.into_any()
}

fn failure(title: &'static str, error: ApiError, retry: Callback<()>) -> AnyView {
    view! { <ErrorPanel title error remedy=Remedy::Retry(retry) place=Place::Part /> }.into_any()
}
