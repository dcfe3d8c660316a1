//! The states of what is loaded: shapes of it, what went wrong, the thing itself.

use std::sync::Arc;

use leptos::prelude::*;

use super::{ErrorPanel, Place, Remedy};
use crate::state::load::Load;

/// Shows what is loaded, whatever has become of it. `failed` says what was attempted.
pub(crate) fn loaded<T, W, V>(
    load: Load<T>,
    failed: &'static str,
    waiting: impl Fn() -> W + Send + 'static,
    show: impl Fn(Arc<T>) -> V + Send + 'static,
) -> AnyView
where
    T: Send + Sync + 'static,
    W: IntoView + 'static,
    V: IntoView + 'static,
{
    let view = move || {
        match load.get() {
        None => waiting().into_any(),
        Some(Ok(value)) => show(value).into_any(),
        Some(Err(error)) => {
            view! { <ErrorPanel title=failed error remedy=Remedy::Retry(load.retrying()) place=Place::Part /> }
                .into_any()
        }
    }
    };
    view.into_any()
}
