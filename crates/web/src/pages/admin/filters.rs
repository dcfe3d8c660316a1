//! What accounts can be filtered by: every value is a box to tick, and takes effect at once.

use leptos::prelude::*;

use super::{query::Facet, users::Users};
use crate::{i18n::t, router::Leave};

#[component]
pub(super) fn FilterForm() -> impl IntoView {
    let users: Users = expect_context();
    let facets = Facet::ALL.map(|facet| {
        let values = facet.values().into_iter().map(|(code, label)| {
            let toggle = move |_| {
                users.show(&users.query.read_untracked().toggled(facet, code), Leave::Replace);
            };
            view! {
                <label class="check">
                    <input type="checkbox" prop:checked=move || users.query.read().has(facet, code) on:change=toggle />
                    <span>{label}</span>
                </label>
            }
        });
        view! {
            <fieldset class="checks">
                <legend class="menu__title">{(t().admin.facet)(facet)}</legend>
                {values.collect_view()}
            </fieldset>
        }
    });
    view! { <div class="filters">{facets.into_iter().collect_view()}</div> }
}
