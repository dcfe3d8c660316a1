//! What stands between the visitor and the pages: who they are, and whether these are for them.

use fanbase_domain::wire::auth::MeResponse;
use leptos::prelude::*;

use crate::{
    api::ApiError,
    components::{ErrorPanel, Place, Remedy},
    i18n::t,
    router::{Redirect, Router},
    routes,
    state::session::{Session, SessionState},
};

/// How far the visitor is.
#[derive(Clone, PartialEq)]
enum Gate<T> {
    /// The API has not said yet who this is.
    Waiting,
    /// They have to sign in first.
    SignIn { come_back: bool },
    /// The API did not say.
    Failed(ApiError),
    /// It is known who they are, and what is for them.
    Open(Box<Opened<T>>),
}

/// Somebody, and what is for them.
#[derive(Clone)]
struct Opened<T> {
    me: MeResponse,
    found: Option<T>,
    same: fn(&T, &T) -> bool,
}

/// Other names and settings of the same account and store are shown in place: what is being done on the page
/// goes on.
impl<T> PartialEq for Opened<T> {
    fn eq(&self, other: &Self) -> bool {
        let same = match (&self.found, &other.found) {
            (Some(one), Some(two)) => (self.same)(one, two),
            (None, None) => true,
            _ => false,
        };
        same && self.me.user_id == other.me.user_id && self.me.is_admin == other.me.is_admin
    }
}

impl<T> Gate<T> {
    fn new(state: SessionState, find: impl Fn(&MeResponse) -> Option<T>, same: fn(&T, &T) -> bool) -> Self {
        match state {
            SessionState::Unknown => Self::Waiting,
            SessionState::SignedOut { come_back } => Self::SignIn { come_back },
            SessionState::Failed(error) => Self::Failed(error),
            SessionState::SignedIn(me) => {
                let found = find(&me);
                Self::Open(Box::new(Opened { me, found, same }))
            }
        }
    }
}

/// Shows what `find` finds for whoever is signed in, and leads to the sign-in page if nobody is. As long as
/// what is found is the `same`, it stays.
pub(super) fn opened<T: Clone + PartialEq + Send + Sync + 'static>(
    find: impl Fn(&MeResponse) -> Option<T> + Send + Sync + 'static,
    same: fn(&T, &T) -> bool,
    show: impl Fn(MeResponse, Option<T>) -> AnyView + Send + 'static,
) -> AnyView {
    let session: Session = expect_context();
    let router: Router = expect_context();
    let gate = Memo::new(move |_| Gate::new(session.state(), &find, same));
    let here = move || router.address_now().to_href();
    let content = move || match gate.get() {
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
        Gate::Open(opened) => {
            let Opened { me, found, .. } = *opened;
            show(me, found)
        }
    };
    content.into_any()
}
