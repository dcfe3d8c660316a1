//! Where there is nothing to show: why, and what to do.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// A calm panel; the children are what one can do.
#[component]
pub(crate) fn EmptyState(
    glyph: Glyph,
    #[prop(into)] title: String,
    detail: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="state">
            <span class="state__glyph"><Icon glyph /></span>
            <h2 class="state__title">{title}</h2>
            <p class="state__detail">{detail}</p>
            {children.map(|children| view! { <div class="state__actions">{children()}</div> })}
        </div>
    }
}
