//! A row: what it is of any list, what it shows is the page's.

use std::{any::Any, sync::Arc};

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

use super::Table;
use crate::i18n::t;

/// Draws the cells of a slot: the head of its row, then a cell for each column.
pub(crate) type Cells = Arc<dyn Fn(SlotRow) -> Vec<AnyView> + Send + Sync>;

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
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && Arc::ptr_eq(&self.value, &other.value)
    }
}

/// The row in a slot of the table; `None` while it is being fetched. What is drawn reads it, so that a slot
/// shows another row by changing the texts and attributes that differ.
#[derive(Clone, Copy)]
pub(crate) struct SlotRow(pub(super) Memo<Option<Row>>);

impl SlotRow {
    /// The value of the row, followed.
    pub(crate) fn get<T: Send + Sync + 'static>(self) -> Option<Arc<T>> {
        self.0.with(|row| row.as_ref().and_then(Row::get))
    }

    /// The cell of a column: what `draw` makes of the row, a shape while it is being fetched.
    pub(crate) fn cell<T: Send + Sync + 'static>(
        self,
        column: &'static str,
        draw: impl Fn(&T) -> AnyView + Send + 'static,
    ) -> AnyView {
        let content = move || match self.get::<T>() {
            Some(value) => draw(&value),
            None => view! { <span class="shape"></span> }.into_any(),
        };
        view! { <div class="cell" role="gridcell" data-column=column>{content}</div> }.into_any()
    }
}

/// One of the fixed number of places in which rows are drawn. While one scrolls, a slot whose row left the
/// window takes the next one that enters it.
#[component]
pub(super) fn Slot(index: Memo<Option<u64>>, top: Signal<f64>, table: Table, cells: Cells) -> impl IntoView {
    let row = Memo::new(move |_| index.get().and_then(|index| table.rows.line(index)));
    let id = Memo::new(move |_| row.read().as_ref().map(|row| row.id));
    let waits = Memo::new(move |_| index.get().is_some() && row.read().is_none());
    let class = move || if waits.get() { "row row--skeleton" } else { "row" };
    let selected = move || Some(table.selection.read().has(id.get()?).to_string());
    let active = move || (index.get().is_some() && table.active.get() == index.get()).then_some("");
    let open = move || (id.get().is_some() && table.open.get() == id.get()).then_some("");
    let click = move |event: web_sys::MouseEvent| {
        if let (Some(index), Some(row)) = (index.get_untracked(), row.get_untracked()) {
            clicked(&event, table, index, &row);
        }
    };
    view! {
        <div class=class role="row" hidden=move || index.get().is_none()
            id=move || index.get().map(|index| format!("row-{index}"))
            aria-rowindex=move || index.get().map(|index| (index + 2).to_string())
            aria-busy=move || waits.get().then_some("true") aria-selected=selected data-active=active
            data-open=open style:top=move || format!("{}px", top.get()) on:click=click>
            <div class="cell cell--check" role="gridcell"><Check index row id table /></div>
            {move || cells(SlotRow(row))}
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
fn Check(
    index: Memo<Option<u64>>,
    row: Memo<Option<Row>>,
    id: Memo<Option<u128>>,
    table: Table,
) -> impl IntoView {
    let label = move || row.read().as_ref().map(|row| (t().table.select_row)(&row.name));
    let checked = move || id.get().is_some_and(|id| table.selection.read().has(id));
    let pick = move |event: web_sys::MouseEvent| {
        if let Some(index) = index.get_untracked() {
            table.pick(index, event.shift_key());
        }
    };
    view! {
        <label class="check">
            <input type="checkbox" tabindex="-1" aria-label=label prop:checked=checked on:click=pick />
        </label>
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
