//! Everything under `/store/{store}`: opens the store that the URL names, and frames its pages.

mod log_out;
mod sidebar;

use fanbase_domain::wire::{auth::MeResponse, stores::StoreResponse};
use leptos::prelude::*;

pub(super) use log_out::LogOut;
pub(super) use sidebar::MenuButton;
use sidebar::Sidebar;

use crate::{
    api::ApiError,
    components::{ErrorPanel, Glyph, Place, Remedy, StatePanel},
    i18n::t,
    pages::fans::FansPage,
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
    Open(MeResponse, StoreResponse),
}

impl Gate {
    fn new(state: SessionState, slug: &str) -> Self {
        match state {
            SessionState::Unknown => Self::Waiting,
            SessionState::SignedOut { come_back } => Self::SignIn { come_back },
            SessionState::Failed(error) => Self::Failed(error),
            SessionState::SignedIn(me) => match me.stores.iter().find(|store| store.slug == slug).cloned() {
                Some(store) => Self::Open(me, store),
                None => Self::NoStore,
            },
        }
    }
}

#[component]
pub(crate) fn StoreGate(slug: String, route: Memo<Route>) -> impl IntoView {
    let session: Session = expect_context();
    let address = expect_context::<Router>().address();
    let gate = Memo::new(move |_| Gate::new(session.state(), &slug));
    let here = move || address.read_untracked().to_href();
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
        Gate::Open(me, store) => view! { <Frame me store route /> }.into_any(),
    }
}

/// Sidebar and page.
#[component]
fn Frame(me: MeResponse, store: StoreResponse, route: Memo<Route>) -> impl IntoView {
    let session: Session = expect_context();
    provide_context(CurrentStore::open(store, session));
    let page = Memo::new(move |_| route.read().store_page());
    let page = move || {
        page.get().map(|page| match page {
            StorePage::Fans => view! { <FansPage /> },
        })
    };
    view! {
        <div class="frame">
            <a class="skip" href="#content">{t().frame.skip_to_content}</a>
            <Sidebar me />
            <main class="page" id="content" tabindex="-1">{page}</main>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use fanbase_domain::{ids::StoreId, money::Currency, time::Timestamp};

    use super::*;

    fn store(slug: &str) -> StoreResponse {
        StoreResponse {
            id: "0199f1c2-6a35-7c2e-9a57-3c1d2b8e4f10".parse::<StoreId>().unwrap(),
            name: slug.to_owned(),
            slug: slug.to_owned(),
            currency: Currency::parse("USD").unwrap(),
            version: 1,
            created_at: Timestamp::from_millis(0),
        }
    }

    #[test]
    fn only_a_member_gets_into_a_store() {
        let me = MeResponse {
            user_id: None,
            email: None,
            name: None,
            avatar_url: None,
            is_admin: false,
            stores: vec![store("ppr"), store("dub")],
        };
        let signed_in = SessionState::SignedIn(me.clone());
        assert!(Gate::new(signed_in.clone(), "dub") == Gate::Open(me, store("dub")));
        assert!(Gate::new(signed_in.clone(), "DUB") == Gate::NoStore);
        assert!(Gate::new(signed_in, "") == Gate::NoStore);
        assert!(Gate::new(SessionState::Unknown, "ppr") == Gate::Waiting);
        assert!(
            Gate::new(SessionState::SignedOut { come_back: true }, "ppr") == Gate::SignIn { come_back: true }
        );
    }
}
