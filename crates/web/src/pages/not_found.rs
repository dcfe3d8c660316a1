//! Any address that means nothing.

use leptos::prelude::*;

use crate::{
    components::{EmptyState, Glyph},
    i18n::t,
    routes,
};

#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    view! {
        <main class="alone">
            <EmptyState glyph=Glyph::Search title=t().nowhere.page_title detail=t().nowhere.page_detail>
                <a class="button" href=routes::HOME>{t().nowhere.home}</a>
            </EmptyState>
        </main>
    }
}
