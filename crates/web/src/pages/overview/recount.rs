//! Counts everyone anew, to prove the counts.

use fanbase_domain::wire::overview::OverviewResponse;
use leptos::prelude::*;

use crate::{
    api,
    components::error_text,
    i18n::t,
    state::{load::Load, store::CurrentStore, task::Task, toasts::Toasts},
};

#[component]
pub(super) fn Recount(overview: Load<OverviewResponse>, store: CurrentStore) -> impl IntoView {
    let (toasts, counting): (Toasts, _) = (expect_context(), Task::new());
    let recount = move |_| {
        counting.run(async move {
            let counted = api::overview::recount(store.id())
                .await
                .inspect_err(|error| toasts.warn(error_text(error)))?;
            let off: Vec<&str> = counted.drift.keys().map(String::as_str).collect();
            toasts.tell(match off.is_empty() {
                true => t().overview.exact.to_owned(),
                false => (t().overview.drifted)(&off.join(", ")),
            });
            store.counts.again();
            overview.again();
            Ok(())
        });
    };
    view! {
        <button class="button button--quiet" type="button" title=t().overview.recount_hint disabled=move || counting.is_running()
            aria-busy=move || counting.is_running().to_string() on:click=recount>
            {t().overview.recount}
        </button>
    }
}
