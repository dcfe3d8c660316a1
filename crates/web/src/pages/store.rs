//! Everything under `/store/{store}`: opens the store that the URL names, and shows its pages.

use fanbase_domain::wire::{auth::MeResponse, stores::StoreResponse};
use leptos::prelude::*;

use super::{fans::FansPage, frame::Frame, gate, parts};
use crate::{
    components::{Glyph, Place, StatePanel},
    i18n::t,
    routes::{self, Route, StorePage},
    state::{fans_query::Audience, session::Session, store::CurrentStore},
};

#[component]
pub(crate) fn StoreGate(slug: String, route: Memo<Route>) -> impl IntoView {
    let find = move |me: &MeResponse| me.stores.iter().find(|store| store.slug == slug).cloned();
    // With another role, other things are shown.
    let same = |one: &StoreResponse, two: &StoreResponse| {
        one.id == two.id && one.slug == two.slug && one.permissions == two.permissions
    };
    gate::opened(find, same, move |me, store| match store {
        Some(store) => view! { <Store me store route /> }.into_any(),
        None => view! {
            <StatePanel glyph=Glyph::Store place=Place::Page title=t().nowhere.store_title
                detail=t().nowhere.store_detail>
                <a class="button" href=routes::HOME>{t().nowhere.home}</a>
            </StatePanel>
        }
        .into_any(),
    })
}

#[component]
fn Store(me: MeResponse, store: StoreResponse, route: Memo<Route>) -> impl IntoView {
    let current = CurrentStore::open(store);
    provide_context(current);
    let session: Session = expect_context();
    Effect::new(move || {
        let me = session.me();
        let store = me.as_ref().and_then(|me| me.stores.iter().find(|store| store.id == current.id()));
        if let Some(store) = store {
            current.replace(store.clone());
        }
    });
    // The fans stay as they are while the panel beside them shows one or another.
    let page = Memo::new(move |_| match route.read().store_page() {
        Some(page @ (StorePage::Fan(_) | StorePage::Customer(_))) => Some(page.group()),
        page => page,
    });
    let content = move || page.get().map(|page| page_of(page, route));
    view! { <Frame me route content=content.into_any() /> }
}

fn page_of(page: StorePage, route: Memo<Route>) -> AnyView {
    match page {
        StorePage::Overview => parts::overview(),
        StorePage::Fans | StorePage::Fan(_) => {
            view! { <FansPage audience=Audience::Fans route /> }.into_any()
        }
        StorePage::Customers | StorePage::Customer(_) => {
            view! { <FansPage audience=Audience::Customers route /> }.into_any()
        }
        StorePage::Imports | StorePage::NewImport | StorePage::Import(_) => parts::imports(page),
        StorePage::Settings(section) => parts::settings(section),
    }
}
