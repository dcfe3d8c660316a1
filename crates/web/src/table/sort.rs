//! The order of a table, and the heads of its columns, which change it.

use leptos::prelude::*;

use crate::components::{Glyph, Icon};

/// The order unless somebody chose another: the newest first.
const DEFAULT: &str = "-created_at";

/// The order, as the API writes it: a column, with `-` for the largest first.
#[derive(Clone, Copy)]
pub(crate) struct Sorting {
    pub now: Memo<String>,
    /// Shows another order.
    pub turn: Callback<String>,
}

impl Sorting {
    /// The head of a column; a button where the list can be sorted by it. `name` is what style
    /// sheets call the column.
    pub(crate) fn head(
        self,
        name: &'static str,
        label: &'static str,
        column: Option<&'static str>,
    ) -> AnyView {
        match column {
            None => view! { <div class="cell" role="columnheader" data-column=name>{label}</div> }.into_any(),
            Some(column) => view! { <SortedHead sorting=self name label column /> }.into_any(),
        }
    }
}

#[component]
fn SortedHead(
    sorting: Sorting,
    name: &'static str,
    label: &'static str,
    column: &'static str,
) -> impl IntoView {
    let descending = Memo::new(move |_| descending(&sorting.now.read(), column));
    let direction = move || match descending.get() {
        Some(true) => "descending",
        Some(false) => "ascending",
        None => "none",
    };
    let arrow = move || {
        descending.get().map(|descending| {
            let glyph = if descending { Glyph::SortDown } else { Glyph::SortUp };
            view! { <Icon glyph /> }
        })
    };
    let turn = move |_| {
        sorting.turn.try_run(next(&sorting.now.get_untracked(), column));
    };
    view! {
        <div class="cell" role="columnheader" data-column=name aria-sort=direction>
            <button class="sort" type="button" on:click=turn>{label}{arrow}</button>
        </div>
    }
}

/// Whether the list is sorted by a column, the largest first or last.
fn descending(now: &str, column: &str) -> Option<bool> {
    match now.strip_prefix('-') {
        Some(rest) => (rest == column).then_some(true),
        None => (now == column).then_some(false),
    }
}

/// The order after a click on a column's head: names from A on, numbers from the largest; the
/// second click turns it round, the third goes back to the newest first.
fn next(now: &str, column: &str) -> String {
    let first = !matches!(column, "name" | "email");
    let written = |descending: bool| format!("{}{column}", if descending { "-" } else { "" });
    match descending(now, column) {
        Some(now) if now == first => written(!first),
        Some(_) if !DEFAULT.ends_with(column) => DEFAULT.to_owned(),
        _ => written(first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_clicks_go_round() {
        let clicks = |column| {
            let first = next(DEFAULT, column);
            let second = next(&first, column);
            let third = next(&second, column);
            [first, second, third]
        };
        assert_eq!(clicks("name"), ["name", "-name", "-created_at"]);
        assert_eq!(clicks("score"), ["-score", "score", "-created_at"]);
        assert_eq!(clicks("created_at"), ["created_at", "-created_at", "created_at"]);
    }
}
