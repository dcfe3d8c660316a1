//! A panel beside the page, with an address of its own; over the page where there is no room.

use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::i18n::t;

#[component]
pub(crate) fn SidePanel(
    /// What it shows.
    #[prop(into)]
    label: String,
    on_close: Callback<()>,
    /// Beside the button that closes it.
    actions: AnyView,
    children: Children,
) -> impl IntoView {
    view! {
        <aside class="panel" aria-label=label>
            <header class="panel__bar">
                <button class="icon-button" type="button" aria-label=t().components.close
                    title=t().components.close on:click=move |_| { on_close.try_run(()); }>
                    <Icon glyph=Glyph::Close />
                </button>
                <div class="panel__actions">{actions}</div>
            </header>
            <div class="panel__body">{children()}</div>
        </aside>
    }
}
