//! The head of the table: what the columns are, and the order.

use std::sync::Arc;

use crate::ui::prelude::*;
use fanbase_domain::page::{Sort, SortColumn};

use super::{Fans, Selection};
use crate::{
    components::{Glyph, Icon},
    i18n::t,
    router::Leave,
    state::fans_query::Column,
};

#[component]
pub(super) fn GridHead(columns: Memo<Arc<[Column]>>) -> impl IntoView {
    let fans: Fans = expect_context();
    let cells = move || {
        let columns = columns.get();
        let cells = columns.iter().map(|column| {
            view! {
                <HeadCell fans label=(t().fans.column)(*column) sort=column.sort() name=column.as_str() />
            }
        });
        cells.collect_view()
    };
    view! {
        <div class="grid__head" role="rowgroup">
            <div class="row row--head" role="row" aria-rowindex="1">
                <div class="cell cell--check" role="columnheader"><SelectAll fans /></div>
                <HeadCell fans label=t().fans.fan sort=Some(SortColumn::Name) name="fan" />
                {cells}
            </div>
        </div>
    }
}

/// Selects everyone who matches, or nobody.
#[component]
fn SelectAll(fans: Fans) -> impl IntoView {
    let selection = fans.selection;
    let toggle = move |_| {
        let next = if selection.read_untracked().is_empty() { Selection::All } else { Selection::Nobody };
        selection.set(next);
    };
    let picked = move || selection.read().picked() > 0;
    let label = move || match selection.read().is_empty() {
        true => (t().fans.select_all)(&fans.total_text()),
        false => t().fans.select_none.to_owned(),
    };
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=move || selection.read().is_all()
                prop:indeterminate=picked on:change=toggle aria-label=label />
        </label>
    }
}

/// A column's head; a button where the list can be sorted by it.
#[component]
fn HeadCell(fans: Fans, label: &'static str, sort: Option<SortColumn>, name: &'static str) -> impl IntoView {
    let Some(column) = sort else {
        return view! { <div class="cell" role="columnheader" data-column=name>{label}</div> }.into_any();
    };
    let current = move || Some(fans.query.read().sort).filter(|sort| sort.column == column);
    let direction = move || match current() {
        Some(Sort { descending: true, .. }) => "descending",
        Some(_) => "ascending",
        None => "none",
    };
    let turn = move |_| {
        let query = fans.query.get_untracked();
        fans.show(&query.with_sort(next_sort(query.sort, column)), Leave::Keep);
    };
    let arrow = move || {
        current().map(|sort| {
            let glyph = if sort.descending { Glyph::SortDown } else { Glyph::SortUp };
            view! { <Icon glyph /> }
        })
    };
    view! {
        <div class="cell" role="columnheader" data-column=name aria-sort=direction>
            <button class="sort" type="button" on:click=turn>{label}{arrow}</button>
        </div>
    }
    .into_any()
}

/// The order after a click on a column's head: names from A on, numbers from the largest; the
/// second click turns it round, the third goes back to the newest first.
fn next_sort(now: Sort, column: SortColumn) -> Sort {
    let descending_first = !matches!(column, SortColumn::Name | SortColumn::Email);
    let first = Sort { column, descending: descending_first };
    match now == first {
        _ if now.column != column => first,
        true => Sort { column, descending: !descending_first },
        false if column == SortColumn::CreatedAt => first,
        false => Sort::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_clicks_go_round() {
        let clicks = |column| {
            let first = next_sort(Sort::default(), column);
            let second = next_sort(first, column);
            [first, second, next_sort(second, column)].map(|sort| sort.to_string())
        };
        assert_eq!(clicks(SortColumn::Name), ["name", "-name", "-created_at"]);
        assert_eq!(clicks(SortColumn::Score), ["-score", "score", "-created_at"]);
        assert_eq!(clicks(SortColumn::CreatedAt), ["created_at", "-created_at", "created_at"]);
    }
}
