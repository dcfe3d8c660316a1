//! Gray shapes in the place of what is being fetched, in its size, so that nothing moves when it
//! comes. After a while they say that the server is slow.

use leptos::prelude::*;

use crate::i18n::t;

/// Lines of text.
#[component]
pub(crate) fn SkeletonLines(#[prop(default = 4)] lines: usize) -> impl IntoView {
    let lines = (0..lines).map(|_| view! { <span class="skeleton__line"></span> });
    view! {
        <div class="skeleton">
            <p class="sr-only" role="status">{t().components.waiting}</p>
            <div class="skeleton__lines" aria-hidden="true">{lines.collect_view()}</div>
            <p class="skeleton__slow">{t().components.slow}</p>
        </div>
    }
}
