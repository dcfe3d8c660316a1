//! A row: what it is of any list, what it shows is the page's.

use std::{any::Any, sync::Arc};

use crate::ui::prelude::*;
use leptos::wasm_bindgen::JsCast;

use super::{Table, grid::Layout};
use crate::i18n::t;

/// Draws a row: its head, then a cell for each column.
pub(crate) type Cells = Arc<dyn Fn(&Row) -> Vec<AnyView>>;

/// A row of any list. Of one type, so that the table is compiled once.
#[derive(Clone)]
pub(crate) struct Row {
    /// The number behind its id.
    pub id: u128,
    /// What it is called, for who does not see it.
    pub name: String,
    value: Arc<dyn Any + Send + Sync>,
}

impl Row {
    /// A row of a value.
    pub(crate) fn new<T: Send + Sync + 'static>(id: u128, name: String, value: T) -> Self {
        Self { id, name, value: Arc::new(value) }
    }

    /// The value: `None` if it is of another type.
    pub(crate) fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        Arc::clone(&self.value).downcast().ok()
    }

    /// Where it is in memory: another value is elsewhere.
    pub(super) fn address(&self) -> usize {
        Arc::as_ptr(&self.value).cast::<()>().addr()
    }
}

/// A row that is there. `cells` draws it, the first cell is the row's head.
#[component]
pub(super) fn FullRow(index: u64, row: Row, table: Table, cells: Vec<AnyView>) -> impl IntoView {
    let id = row.id;
    let selected = move || table.selection.read().has(id).to_string();
    let check = view! { <Check index row=row.clone() table /> };
    let click = move |event: web_sys::MouseEvent| clicked(&event, table, index, &row);
    view! {
        <div class="row" role="row" id=format!("row-{index}") aria-rowindex=(index + 2).to_string()
            aria-selected=selected data-active=move || (table.active.get() == Some(index)).then_some("")
            data-open=move || (table.open.get() == Some(id)).then_some("") on:click=click>
            <div class="cell cell--check" role="gridcell">{check}</div>
            {cells}
        </div>
    }
}

/// A click anywhere on the row opens it, but for what has a meaning of its own.
fn clicked(event: &web_sys::MouseEvent, table: Table, index: u64, row: &Row) {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let closest = |selector: &str| target.as_ref().and_then(|target| target.closest(selector).ok().flatten());
    let modified = event.shift_key() || event.ctrl_key() || event.meta_key();
    // With a modifier, a link opens elsewhere.
    let own = closest("label, input").or_else(|| closest("a").filter(|_| modified));
    if own.is_none() {
        table.active.set(Some(index));
    }
    if own.is_none() && !event.default_prevented() {
        if modified {
            table.pick(index, event.shift_key());
        } else {
            table.opener.try_run(row.clone());
        }
    }
}

#[component]
fn Check(index: u64, row: Row, table: Table) -> impl IntoView {
    let id = row.id;
    view! {
        <label class="check">
            <input type="checkbox" tabindex="-1" aria-label=(t().table.select_row)(&row.name)
                prop:checked=move || table.selection.read().has(id)
                on:click=move |event| table.pick(index, event.shift_key()) />
        </label>
    }
}

/// The shapes of a row to come.
#[component]
pub(super) fn SkeletonRow(index: u64, layout: Layout) -> impl IntoView {
    let cells = layout.columns.iter().map(|name| {
        view! { <div class="cell" role="gridcell" data-column=*name><span class="shape"></span></div> }
    });
    let cells = cells.collect_view();
    view! {
        <div class="row row--skeleton" role="row" aria-rowindex=(index + 2).to_string() aria-busy="true">
            <div class="cell cell--check" role="gridcell"></div>
            <div class="cell" role="rowheader" data-column="who">
                <span class="shape shape--disc"></span><span class="shape shape--name"></span>
            </div>
            {cells}
        </div>
    }
}

/// A dash where there is nothing, with a word for who does not see it.
pub(crate) fn or_dash(value: Option<AnyView>) -> AnyView {
    value.unwrap_or_else(|| {
        view! {
            <span class="dash" aria-hidden="true">"–"</span>
            <span class="sr-only">{t().words.none}</span>
        }
        .into_any()
    })
}
