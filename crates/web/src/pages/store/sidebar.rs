//! The store, its pages and the account. A column on a desk, icons on a tablet, a sheet on a phone.

use fanbase_domain::wire::auth::MeResponse;
use leptos::{html, prelude::*};

use super::LogOut;
use crate::{
    components::{Glyph, Icon},
    i18n::{format, t},
    routes,
    state::{fans_query::FansQuery, store::CurrentStore},
};

/// The sheet's id, by which the menu button opens it.
const ID: &str = "sidebar";

/// Opens the sidebar where it is a sheet; hidden elsewhere.
#[component]
pub(crate) fn MenuButton() -> impl IntoView {
    view! {
        <button class="menu-button" type="button" popovertarget=ID aria-label=t().frame.menu>
            <Icon glyph=Glyph::Menu />
        </button>
    }
}

#[component]
pub(super) fn Sidebar(me: MeResponse) -> impl IntoView {
    let current: CurrentStore = expect_context();
    let sheet = NodeRef::<html::Nav>::new();
    let close = move |_| {
        if let Some(sheet) = sheet.get_untracked() {
            // An error says that it was not open.
            _ = sheet.hide_popover();
        }
    };
    let total = move || current.counts.get().and_then(Result::ok).map(|counts| format::count(counts.total));
    let fans = routes::fans(&current.store.slug, &FansQuery::default());
    let account = me.name.clone().or_else(|| me.email.clone()).unwrap_or_default();
    view! {
        <nav class="sidebar" id=ID popover="auto" node_ref=sheet aria-label=t().frame.main_navigation>
            <StoreSwitcher me current=current.clone() close=Callback::new(close) />
            <div class="sidebar__pages">
                <a class="nav" href=fans aria-current="page" title=t().frame.fans on:click=move |_| close(())>
                    <Icon glyph=Glyph::Fans />
                    <span class="nav__label">{t().frame.fans}</span>
                    <span class="nav__count">{total}</span>
                </a>
            </div>
            <div class="sidebar__account">
                <p class="sidebar__name" title=account.clone()>{account.clone()}</p>
                <LogOut />
            </div>
        </nav>
    }
}

/// The name of the open store; a list of the others when there are any.
#[component]
fn StoreSwitcher(me: MeResponse, current: CurrentStore, close: Callback<()>) -> impl IntoView {
    let store = current.store;
    let initial: String = store.name.chars().take(1).flat_map(char::to_uppercase).collect();
    let mark = view! { <span class="logo" aria-hidden="true">{initial}</span> };
    let name = view! { <span class="store__name" title=store.name.clone()>{store.name.clone()}</span> };
    if me.stores.len() < 2 {
        return view! { <div class="store">{mark}{name}</div> }.into_any();
    }
    let stores = me.stores.into_iter().map(|other| {
        let open = other.id == store.id;
        view! {
            <li>
                <a class="nav" href=routes::fans(&other.slug, &FansQuery::default())
                    aria-current=open.then_some("true") on:click=move |_| close.run(())>
                    <span class="nav__label">{other.name}</span>
                    {open.then(|| view! { <Icon glyph=Glyph::Check /> })}
                </a>
            </li>
        }
    });
    view! {
        <details class="store-switcher">
            <summary class="store" title=t().frame.switch_store>{mark}{name}<Icon glyph=Glyph::UpDown /></summary>
            <ul class="store-switcher__list">{stores.collect_view()}</ul>
        </details>
    }
    .into_any()
}
