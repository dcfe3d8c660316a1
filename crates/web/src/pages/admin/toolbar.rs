//! Search and filters of the accounts.

use leptos::prelude::*;

use super::{
    filters::FilterForm,
    query::{Facet, UsersQuery},
    users::Users,
};
use crate::{
    components::{Glyph, Icon, Popover},
    i18n::t,
    router::Leave,
    table::SearchField,
};

#[component]
pub(super) fn Toolbar() -> impl IntoView {
    let users: Users = expect_context();
    let search = Memo::new(move |_| users.query.read().search.clone());
    let on_search = Callback::new(move |search: String| {
        users.show(&UsersQuery { search, ..users.query.get_untracked() }, Leave::Replace);
    });
    let chosen = move || users.query.read().facets.clone();
    let chip = move |(facet, value): (Facet, String)| view! { <Chip facet value users /> };
    let face = || view! { <Icon glyph=Glyph::Plus /><span>{t().fans.add_filter}</span> };
    let form = || view! { <FilterForm /> };
    view! {
        <div class="toolbar">
            <SearchField label=t().admin.search hint=t().admin.search_hint search on_search />
            <For each=chosen key=Clone::clone children=chip />
            <Popover label=t().fans.add_filter class="button button--quiet" role="dialog" trigger=face
                children=form />
        </div>
    }
}

/// A value that is asked for; the cross takes it away.
#[component]
fn Chip(facet: Facet, value: String, users: Users) -> impl IntoView {
    let name = (t().admin.facet)(facet);
    let label = facet.values().into_iter().find(|(code, _)| *code == value).map(|(_, label)| label);
    let remove = move |_| users.show(&users.query.read_untracked().toggled(facet, &value), Leave::Keep);
    view! {
        <div class="chip">
            <span class="chip__face"><span class="chip__name">{name}</span><span class="chip__value">{label}</span></span>
            <button class="chip__remove" type="button" aria-label=(t().components.remove)(name) on:click=remove>
                <Icon glyph=Glyph::Close />
            </button>
        </div>
    }
}
