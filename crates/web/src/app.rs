//! The shell: what every page shares, and which page a path shows.

use leptos::prelude::*;
use leptos_router::{
    components::{ParentRoute, Route, Router, Routes},
    path,
};

use crate::{
    pages::{FansPage, HomePage, LoginPage, NotFoundPage, StoreGate},
    state::session::Session,
};

#[component]
pub(crate) fn App() -> impl IntoView {
    provide_context(Session::start());
    view! {
        <Router>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=HomePage />
                <Route path=path!("/login") view=LoginPage />
                <ParentRoute path=path!("/store/:store") view=StoreGate>
                    <Route path=path!("contacts") view=FansPage />
                </ParentRoute>
            </Routes>
        </Router>
    }
}
