//! The bar that says how many are selected, and what can be done to them.

use leptos::prelude::*;

use super::{Selection, Table};
use crate::{
    components::{Glyph, Icon},
    i18n::{format, t},
};

/// Shown while something is selected; `actions` are made when it appears.
#[component]
pub(crate) fn SelectedBar(table: Table, #[prop(into)] actions: ViewFn) -> impl IntoView {
    let some = Memo::new(move |_| !table.selection.read().is_empty());
    move || {
        some.get().then(|| {
            view! {
                <div class="bulk" role="region" aria-label=(t().table.selected)("")>
                    <Count table />
                    <div class="bulk__actions">
                        {actions.run()}
                        <button class="bulk__button" type="button" aria-label=t().table.select_none
                            title=t().table.select_none on:click=move |_| table.select_nothing()>
                            <Icon glyph=Glyph::Close />
                        </button>
                    </div>
                </div>
            }
        })
    }
}

/// How many, and the way to all of them.
#[component]
fn Count(table: Table) -> impl IntoView {
    let count = move || {
        let text = if table.selection.read().is_all() { t().table.all_selected } else { t().table.selected };
        text(&format::count(table.selected()))
    };
    let all = move || {
        let more = !table.selection.read().is_all() && table.total.get() > Some(table.selected());
        more.then(|| {
            view! {
                <button class="bulk__all" type="button" on:click=move |_| table.selection.set(Selection::All)>
                    {move || (t().table.select_all)(&table.total_text())}
                </button>
            }
        })
    };
    view! { <p class="bulk__count" role="status">{count}</p>{all} }
}
