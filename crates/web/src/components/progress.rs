//! How far something is.

use leptos::prelude::*;

/// `done` of `total`; without a total, that it runs at all.
#[component]
pub(crate) fn Progress(#[prop(into)] label: String, done: u64, total: Option<u64>) -> impl IntoView {
    view! {
        <progress class="progress" aria-label=label max=total.map(|total| total.max(1).to_string())
            value=total.map(|_| done.to_string())></progress>
    }
}
