//! The head of a page: its title, a number beside it, the search, and what one can do.

use leptos::prelude::*;

use super::sidebar::MenuButton;
use crate::{
    components::{Glyph, Icon},
    i18n::t,
    state::palette::Palette,
};

#[component]
pub(crate) fn PageHeader(
    title: &'static str,
    /// Beside the title, such as a total.
    #[prop(optional, into)]
    total: Option<Signal<String>>,
    /// The actions of the page.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let palette: Palette = expect_context();
    view! {
        <header class="page__header">
            <MenuButton />
            <h1 class="page__title">{title}</h1>
            {total.map(|total| view! { <span class="page__total">{total}</span> })}
            <div class="page__actions">
                <button class="jump" type="button" aria-label=t().frame.search_or_jump
                    aria-keyshortcuts="Control+K Meta+K" on:click=move |_| palette.open()>
                    <Icon glyph=Glyph::Search />
                    <span class="jump__label">{t().frame.search_or_jump}</span>
                    <kbd class="key" aria-hidden="true" data-keys=palette.shortcut()></kbd>
                </button>
                {children.map(|children| children())}
            </div>
        </header>
    }
}
