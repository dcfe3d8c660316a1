//! The parts of the app that are downloaded when they are first opened (ADR 10): whoever reads the
//! fans does not wait for the settings.
//!
//! `cargo xtask` cuts them out of the WebAssembly of a release build, along the functions that
//! [`part!`] declares. A development build is in one piece.

use leptos::prelude::*;

use super::{
    admin::AdminGate,
    fan::FanPanel,
    imports::{ImportPage, ImportsPage, NewImportPage},
    overview::OverviewPage,
    settings::SettingsPage,
};
use crate::routes::{Route, Section, StorePage};

/// Declares a function that shows a part: its shapes while it comes, then itself. Its arguments have
/// to be `Copy`, and no references.
macro_rules! part {
    ($name:ident($($argument:ident: $kind:ty),*) $shapes:ident, $page:expr) => {
        pub(crate) fn $name($($argument: $kind),*) -> AnyView {
            #[cfg(not(debug_assertions))]
            {
                #[leptos::wasm_split::wasm_split($name, wasm_split_path = leptos::wasm_split, fallible, preload(fetch))]
                fn $name($($argument: $kind),*) -> Result<AnyView, crate::api::ApiError> {
                    Ok($page)
                }
                let show = Box::new(move || -> arrival::Answer<AnyView> { Box::pin($name($($argument),*)) });
                arrival::arriving(|| Box::pin(async { Ok(fetch().await?) }), arrival::$shapes, show)
            }
            #[cfg(debug_assertions)]
            $page
        }
    };
}

part!(overview() page, view! { <OverviewPage /> }.into_any());
part!(imports(page: StorePage) page, match page {
    StorePage::NewImport => view! { <NewImportPage /> }.into_any(),
    StorePage::Import(id) => view! { <ImportPage id /> }.into_any(),
    _ => view! { <ImportsPage /> }.into_any(),
});
part!(settings(section: Section) page, view! { <SettingsPage section /> }.into_any());
part!(fan() panel, view! { <FanPanel /> }.into_any());
part!(admin(route: Memo<Route>) page, view! { <AdminGate route /> }.into_any());

#[cfg(not(debug_assertions))]
mod arrival {
    use std::{
        future::Future,
        pin::Pin,
        task::{Context, Poll, Waker},
    };

    use super::*;
    use crate::{
        api::ApiError,
        components::{SkeletonLines, loaded},
        i18n::t,
        state::load::Load,
    };

    /// Something to come.
    pub(super) type Answer<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

    /// Fetches a part, and shows it.
    pub(super) fn arriving(
        fetch: fn() -> Answer<()>,
        shapes: fn() -> AnyView,
        show: Box<dyn Fn() -> Answer<AnyView> + Send + Sync>,
    ) -> AnyView {
        loaded(Load::new(fetch), t().errors.part, shapes, move |_| now(show()))
    }

    /// The shapes of a page.
    pub(super) fn page() -> AnyView {
        view! { <div class="content" aria-busy="true"><SkeletonLines lines=6 /></div> }.into_any()
    }

    /// The shapes of a panel beside a page.
    pub(super) fn panel() -> AnyView {
        view! {
            <aside class="panel" aria-busy="true">
                <div class="panel__bar"></div><div class="panel__body"><SkeletonLines lines=8 /></div>
            </aside>
        }
        .into_any()
    }

    /// What a part that is there shows. It is shown here and not after a wait, so that it belongs to
    /// the place where it is shown.
    fn now(mut shown: Answer<AnyView>) -> AnyView {
        match shown.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(view)) => view,
            _ => unreachable!("a part that has arrived is called at once"),
        }
    }
}
