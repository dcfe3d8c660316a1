//! Messages in passing, in a corner. Screen readers are told of them.

use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::{
    i18n::t,
    state::toasts::{Toast, Toasts},
};

#[component]
pub(crate) fn Toaster() -> impl IntoView {
    let toasts: Toasts = expect_context();
    view! {
        <section class="toaster" aria-label=t().components.notifications aria-live="polite">
            <For each=move || toasts.shown() key=|toast| toast.id let:toast>
                <ToastView toast toasts />
            </For>
        </section>
    }
}

#[component]
fn ToastView(toast: Toast, toasts: Toasts) -> impl IntoView {
    let Toast { id, text, bad } = toast;
    let glyph = if bad { Glyph::Alert } else { Glyph::Check };
    view! {
        <div class="toast" data-bad=bad.then_some("") role=bad.then_some("alert")>
            <Icon glyph />
            <p>{text}</p>
            <button class="icon-button" type="button" aria-label=t().components.dismiss
                on:click=move |_| toasts.dismiss(id)>
                <Icon glyph=Glyph::Close />
            </button>
        </div>
    }
}
