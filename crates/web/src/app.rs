//! The shell: what every page shares, and which page a route shows.

use leptos::ev;
use leptos::prelude::*;

use crate::{
    components::Toaster,
    pages::{HomePage, InvitationPage, LoginPage, NotFoundPage, SetUpPage, StoreGate, parts},
    router::Router,
    routes::Route,
    state::{clock::Clock, palette::Palette, session::Session, theme::ThemeChoice, toasts::Toasts},
};

/// What is shown: a store, the platform, or a page that belongs to neither.
#[derive(Clone, PartialEq)]
enum Place {
    Store(String),
    Admin,
    Outside(Route),
}

#[component]
pub(crate) fn App() -> impl IntoView {
    let router = Router::start();
    provide_context(router);
    provide_context(Clock::start());
    provide_context(Toasts::start());
    provide_context(ThemeChoice::start());
    provide_context(Palette::start());
    provide_context(Session::start());
    refuse_files();
    // A change of the query alone is the page's own affair.
    let route = Memo::new(move |_| Route::parse(&router.address().path));
    // The frame of a store stays while its pages change. One memo and not two: an effect that reads
    // a memo that stays the same, and after it another that the first one depends on, is not run
    // again by Leptos 0.8.23 when that other one changes.
    let place = Memo::new(move |_| match route.get() {
        Route::Store { slug, .. } => Place::Store(slug),
        Route::Admin(_) => Place::Admin,
        outside => Place::Outside(outside),
    });
    let page = move || match place.get() {
        Place::Store(slug) => view! { <StoreGate slug route /> }.into_any(),
        Place::Admin => parts::admin(route),
        Place::Outside(route) => page_outside(&route),
    };
    view! {
        <div class="page-root">{page}</div>
        <Toaster />
    }
}

/// Keeps a file that misses its place from taking the place of the app.
fn refuse_files() {
    let refuse = |event: web_sys::DragEvent| {
        let Some(data) = event.data_transfer().filter(|_| !event.default_prevented()) else { return };
        if data.types().includes(&"Files".into(), 0) {
            event.prevent_default();
            data.set_drop_effect("none");
        }
    };
    let (over, dropped) =
        (window_event_listener(ev::dragover, refuse), window_event_listener(ev::drop, refuse));
    on_cleanup(move || {
        over.remove();
        dropped.remove();
    });
}

/// The pages that belong to neither.
fn page_outside(route: &Route) -> AnyView {
    match route {
        Route::Home => view! { <HomePage /> }.into_any(),
        Route::Login => view! { <LoginPage /> }.into_any(),
        Route::SetUp => view! { <SetUpPage /> }.into_any(),
        Route::Invitation => view! { <InvitationPage /> }.into_any(),
        #[cfg(debug_assertions)]
        Route::Design => view! { <crate::pages::DesignPage /> }.into_any(),
        _ => view! { <NotFoundPage /> }.into_any(),
    }
}
