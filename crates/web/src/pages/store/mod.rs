//! Everything under `/store/{store}`: opens the store that the URL names, and frames its pages.

mod account_menu;
mod palette;
mod palette_entries;
mod sidebar;
mod sign_in_again;
mod store_switcher;

use crate::ui::prelude::*;
use fanbase_domain::wire::{auth::MeResponse, stores::StoreResponse};

pub(super) use account_menu::LogOut;
use palette::CommandPalette;
pub(crate) use sidebar::MenuButton;
use sidebar::Sidebar;
use sign_in_again::SignInAgain;

use crate::{
    api::ApiError,
    components::{ErrorPanel, Glyph, Place, Remedy, StatePanel},
    i18n::t,
    pages::{
        fans::FansPage,
        imports::{ImportPage, ImportsPage, NewImportPage},
        overview::OverviewPage,
        settings::SettingsPage,
    },
    router::{Redirect, Router},
    routes::{self, Route, StorePage},
    state::{
        session::{Session, SessionState},
        store::CurrentStore,
    },
};

/// What stands between the visitor and the store.
#[derive(Clone, PartialEq)]
enum Gate {
    /// The API has not said yet who this is.
    Waiting,
    /// They have to sign in first.
    SignIn { come_back: bool },
    /// The API did not say.
    Failed(ApiError),
    /// There is no such store, or they are not a member of it.
    NoStore,
    /// Nothing.
    Open(Box<(MeResponse, StoreResponse)>),
}

impl Gate {
    fn new(state: SessionState, slug: &str) -> Self {
        match state {
            SessionState::Unknown => Self::Waiting,
            SessionState::SignedOut { come_back } => Self::SignIn { come_back },
            SessionState::Failed(error) => Self::Failed(error),
            SessionState::SignedIn(me) => match me.stores.iter().find(|store| store.slug == slug).cloned() {
                Some(store) => Self::Open(Box::new((me, store))),
                None => Self::NoStore,
            },
        }
    }
}

#[component]
pub(crate) fn StoreGate(slug: String, route: Memo<Route>) -> impl IntoView {
    let session: Session = expect_context();
    let router: Router = expect_context();
    let gate = Memo::new(move || Gate::new(session.state(), &slug));
    let here = move || router.address_now().to_href();
    move || match gate.get() {
        Gate::Waiting => view! { <div class="frame" aria-busy="true"></div> }.into_any(),
        Gate::SignIn { come_back } => {
            let login = routes::login(come_back.then(here).as_deref());
            view! { <Redirect to=login /> }.into_any()
        }
        Gate::Failed(error) => {
            let retry = Callback::new(move |()| session.load());
            view! {
                <ErrorPanel title=t().errors.session error remedy=Remedy::Retry(retry) place=Place::Page />
            }
            .into_any()
        }
        Gate::NoStore => view! {
            <StatePanel glyph=Glyph::Store place=Place::Page title=t().nowhere.store_title
                detail=t().nowhere.store_detail>
                <a class="button" href=routes::HOME>{t().nowhere.home}</a>
            </StatePanel>
        }
        .into_any(),
        Gate::Open(opened) => {
            let (me, store) = *opened;
            view! { <Frame me store route /> }.into_any()
        }
    }
}

/// Sidebar and page.
#[component]
fn Frame(me: MeResponse, store: StoreResponse, route: Memo<Route>) -> impl IntoView {
    provide_context(CurrentStore::open(store));
    // The fans stay as they are while the panel beside them shows one or another.
    let page = Memo::new(move || match route.read().store_page() {
        Some(StorePage::Fan(_)) => Some(StorePage::Fans),
        page => page,
    });
    let content = move || page.get().map(|page| page_of(page, route));
    let email = me.email.clone().unwrap_or_default();
    view! {
        <div class="frame">
            <a class="skip" href="#content">{t().frame.skip_to_content}</a>
            <Sidebar me=me.clone() page />
            <main class="page" id="content" tabindex="-1">{content}</main>
            <CommandPalette me />
            <SignInAgain email />
        </div>
    }
}

fn page_of(page: StorePage, route: Memo<Route>) -> AnyView {
    match page {
        StorePage::Overview => view! { <OverviewPage /> }.into_any(),
        StorePage::Fans | StorePage::Fan(_) => view! { <FansPage route /> }.into_any(),
        StorePage::Imports => view! { <ImportsPage /> }.into_any(),
        StorePage::NewImport => view! { <NewImportPage /> }.into_any(),
        StorePage::Import(id) => view! { <ImportPage id /> }.into_any(),
        StorePage::Settings(section) => view! { <SettingsPage section /> }.into_any(),
    }
}
