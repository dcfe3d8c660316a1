//! The shell: what every page shares, and which page a route shows.

use leptos::prelude::*;

use crate::{
    pages::{HomePage, LoginPage, NotFoundPage, StoreGate},
    router::Router,
    routes::Route,
    state::session::Session,
};

#[component]
pub(crate) fn App() -> impl IntoView {
    let router = Router::start();
    provide_context(router);
    provide_context(Session::start());
    let address = router.address();
    // A change of the query alone is the page's own affair.
    let route = Memo::new(move |_| Route::parse(&address.read().path));
    // The frame of a store stays while its pages change.
    let store = Memo::new(move |_| match route.get() {
        Route::Store { slug, .. } => Some(slug),
        _ => None,
    });
    move || match store.get() {
        Some(slug) => view! { <StoreGate slug route /> }.into_any(),
        None => match route.get() {
            Route::Home => view! { <HomePage /> }.into_any(),
            Route::Login => view! { <LoginPage /> }.into_any(),
            Route::Store { .. } | Route::Unknown => view! { <NotFoundPage /> }.into_any(),
        },
    }
}
