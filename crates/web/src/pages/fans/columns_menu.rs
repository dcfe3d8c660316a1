//! Which columns the table has, and how high its rows are.

use leptos::prelude::*;

use fanbase_domain::role::Permission;

use super::Fans;
use crate::{
    components::{Glyph, Icon, Popover},
    i18n::t,
    state::fans_query::{Column, Density},
};

#[component]
pub(super) fn ColumnsMenu() -> impl IntoView {
    let fans: Fans = expect_context();
    let face = || {
        view! { <Icon glyph=Glyph::Columns /><span class="button__label">{t().fans.columns}</span> }
    };
    let content = move || view! { <Look fans /> }.into_any();
    view! {
        <Popover label=t().fans.columns class="button button--quiet" role="dialog" trigger=face
            children=content />
    }
}

#[component]
fn Look(fans: Fans) -> impl IntoView {
    let f = &t().fans;
    let sees_money = fans.store.may(Permission::SeeMoney);
    let offered = Column::ALL.into_iter().filter(|column| sees_money || *column != Column::Spent);
    let columns = offered.map(|column| {
        let shown = move || fans.columns().contains(&column);
        let turn = move |_| {
            let now = untrack(|| fans.columns());
            fans.set_look(with_column(&now, column), untrack(|| fans.density()));
        };
        view! {
            <label class="choice">
                <input type="checkbox" prop:checked=shown on:change=turn />
                <span class="choice__label">{(f.column)(column)}</span>
            </label>
        }
    });
    let densities = Density::ALL.map(|density| {
        let name = match density {
            Density::Comfortable => f.comfortable,
            Density::Compact => f.compact,
        };
        view! {
            <button class="segment" type="button" aria-pressed=move || (fans.density() == density).to_string()
                on:click=move |_| fans.set_look(untrack(|| fans.columns()), density)>
                {name}
            </button>
        }
    });
    view! {
        <div class="choices">{columns.collect_view()}</div>
        <div class="menu__group" role="group" aria-label=f.density>
            <span class="menu__label">{f.density}</span>
            <div class="segments">{densities.into_iter().collect_view()}</div>
        </div>
    }
}

/// The columns with one more, in the order of all, or with one less.
fn with_column(columns: &[Column], column: Column) -> Vec<Column> {
    let shown = |other: &Column| columns.contains(other) != (*other == column);
    Column::ALL.into_iter().filter(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_comes_and_goes_in_its_place() {
        let columns = [Column::Type, Column::Spent];
        assert_eq!(with_column(&columns, Column::Tags), [Column::Type, Column::Tags, Column::Spent]);
        assert_eq!(with_column(&columns, Column::Type), [Column::Spent]);
        assert_eq!(with_column(&[], Column::Score), [Column::Score]);
    }
}
