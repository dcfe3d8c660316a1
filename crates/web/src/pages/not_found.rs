//! Any address that means nothing.

use leptos::prelude::*;

use crate::{
    components::{Glyph, Place, StatePanel},
    i18n::t,
    routes,
};

#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    view! {
        <StatePanel glyph=Glyph::Search place=Place::Page title=t().nowhere.page_title
            detail=t().nowhere.page_detail>
            <a class="button" href=routes::HOME>{t().nowhere.home}</a>
        </StatePanel>
    }
}
