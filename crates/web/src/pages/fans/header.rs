//! The title of the page, and how many fans the store has.

use leptos::prelude::*;

use crate::{
    i18n::{format, t},
    pages::store::MenuButton,
    state::store::CurrentStore,
};

#[component]
pub(super) fn Header() -> impl IntoView {
    let current: CurrentStore = expect_context();
    let total = move || current.counts.get().and_then(Result::ok).map(|counts| format::count(counts.total));
    view! {
        <header class="page__header">
            <MenuButton />
            <h1 class="page__title">{t().fans.title}</h1>
            <span class="page__total">{total}</span>
        </header>
    }
}
