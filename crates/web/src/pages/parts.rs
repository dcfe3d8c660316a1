//! The parts of the app that are downloaded when they are first opened (ADR 10): whoever reads the
//! fans does not wait for the settings.
//!
//! `cargo xtask` cuts them out of the WebAssembly of a release build, along the functions that
//! [`part!`] declares. A development build is in one piece.

use crate::ui::prelude::*;

use super::{
    admin::AdminGate,
    fan::FanPanel,
    imports::{ImportPage, ImportsPage, NewImportPage},
    overview::OverviewPage,
    settings::SettingsPage,
};
use crate::routes::{Route, Section, StorePage};

/// Declares a function that shows a part. Its arguments have to be `Copy`, and no references.
macro_rules! part {
    ($name:ident($($argument:ident: $kind:ty),*) $page:expr) => {
        pub(crate) fn $name($($argument: $kind),*) -> AnyView {
            #[cfg(not(debug_assertions))]
            {
                #[leptos::wasm_split::wasm_split($name, wasm_split_path = leptos::wasm_split, fallible, preload(fetch))]
                fn $name($($argument: $kind),*) -> Result<AnyView, crate::api::ApiError> {
                    Ok($page)
                }
                arrival::arriving(|| Box::pin(async { Ok(fetch().await?) }), Box::new(move || Box::pin($name($($argument),*))))
            }
            #[cfg(debug_assertions)]
            $page
        }
    };
}

part!(overview() view! { <OverviewPage /> });
part!(imports(page: StorePage) match page {
    StorePage::NewImport => view! { <NewImportPage /> },
    StorePage::Import(id) => view! { <ImportPage id /> },
    _ => view! { <ImportsPage /> },
});
part!(settings(section: Section) view! { <SettingsPage section /> });
part!(fan() view! { <FanPanel /> });
part!(admin(route: Memo<Route>) view! { <AdminGate route /> });

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

    type Answer<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

    /// Fetches a part, and shows it.
    pub(super) fn arriving(fetch: fn() -> Answer<()>, show: Box<dyn Fn() -> Answer<AnyView>>) -> AnyView {
        let waiting = || view! { <div class="content"><SkeletonLines lines=6 /></div> };
        loaded(Load::new(fetch), t().errors.part, waiting, move |_| now(show()))
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
