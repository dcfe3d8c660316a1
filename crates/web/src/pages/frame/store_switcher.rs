//! The name of the open store; a list of all when there are several.

use fanbase_domain::wire::stores::StoreResponse;
use leptos::prelude::*;

use crate::{
    components::{Glyph, Icon, Popover},
    i18n::{case, t},
    routes,
    state::{fans_query::FansQuery, store::CurrentStore},
};

#[component]
pub(super) fn StoreSwitcher(stores: Vec<StoreResponse>, close: Callback<()>) -> impl IntoView {
    // None is open on the pages of the platform.
    let open = use_context::<CurrentStore>().map(CurrentStore::id);
    let store = stores.iter().find(|store| Some(store.id) == open).cloned();
    let several = stores.len() > usize::from(store.is_some());
    let name = store.as_ref().map_or_else(|| t().frame.brand.to_owned(), |store| store.name.clone());
    let title = name.clone();
    let face = move || {
        let initial = case::upper(&name.chars().take(1).collect::<String>());
        view! {
            <span class="logo" aria-hidden="true">{initial}</span>
            <span class="store__name">{name.clone()}</span>
            {several.then(|| view! { <Icon glyph=Glyph::UpDown /> })}
        }
    };
    if !several {
        return view! { <div class="store" title=title>{face()}</div> }.into_any();
    }
    let list = move || {
        let stores = stores.iter().map(|other| {
            let open = store.as_ref().is_some_and(|store| store.id == other.id);
            view! {
                <a class="menu__item" role="menuitem" href=routes::fans(&other.slug, &FansQuery::default())
                    aria-current=open.then_some("true") on:click=move |_| { close.try_run(()); }>
                    <span class="menu__text">{other.name.clone()}</span>
                    {open.then(|| view! { <Icon glyph=Glyph::Check /> })}
                </a>
            }
        });
        stores.collect_view().into_any()
    };
    view! {
        <Popover label=t().frame.switch_store class="store store--button" trigger=face children=list />
    }
    .into_any()
}
