//! A small button that copies a text.

use crate::ui::prelude::*;

use super::{Glyph, Icon};
use crate::{i18n::t, state::toasts::Toasts};

#[component]
pub(crate) fn CopyButton(text: String, label: &'static str) -> impl IntoView {
    let toasts: Toasts = expect_context();
    view! {
        <button class="icon-button" type="button" aria-label=label title=label on:click=move |_| {
            copy(&text);
            toasts.tell(t().components.copied);
        }>
            <Icon glyph=Glyph::Copy />
        </button>
    }
}

/// Copies a text. Browsers refuse where a page is not trusted; the text can be selected there.
pub(crate) fn copy(text: &str) {
    let clipboard = window().navigator().clipboard();
    _ = clipboard.write_text(text);
}
