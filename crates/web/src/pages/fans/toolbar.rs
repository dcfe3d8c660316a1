//! Search, filters, views and columns.

use crate::ui::prelude::*;

use super::{
    chips::Chips, columns_menu::ColumnsMenu, filter_menu::FilterMenu, search::SearchField,
    views_menu::ViewsMenu,
};

#[component]
pub(super) fn Toolbar() -> impl IntoView {
    view! {
        <div class="toolbar">
            <SearchField />
            <Chips />
            <FilterMenu />
            <div class="toolbar__end">
                <ViewsMenu />
                <ColumnsMenu />
            </div>
        </div>
    }
}
