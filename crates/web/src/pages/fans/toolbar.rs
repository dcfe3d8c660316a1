//! Search, filters, views and columns.

use leptos::prelude::*;

use super::{Fans, chips::Chips, columns_menu::ColumnsMenu, filter_menu::FilterMenu, views_menu::ViewsMenu};
use crate::{i18n::t, router::Leave, table::SearchField};

#[component]
pub(super) fn Toolbar() -> impl IntoView {
    let fans: Fans = expect_context();
    let search = Memo::new(move |_| fans.query.read().filter.search.clone());
    let on_search = Callback::new(move |typed: String| {
        fans.show(&fans.query.read_untracked().with_search(&typed), Leave::Replace);
    });
    view! {
        <div class="toolbar">
            <SearchField label=t().fans.search hint=t().fans.search_hint search on_search />
            <Chips />
            <FilterMenu />
            <div class="toolbar__end">
                <ViewsMenu />
                <ColumnsMenu />
            </div>
        </div>
    }
}
