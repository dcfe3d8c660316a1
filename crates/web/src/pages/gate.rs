//! What stands between the visitor and the pages: who they are, and whether these are for them.

use crate::ui::prelude::*;
use fanbase_domain::wire::auth::MeResponse;

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
    Open(Box<(MeResponse, Option<T>)>),
}

impl<T> Gate<T> {
    fn new(state: SessionState, find: impl Fn(&MeResponse) -> Option<T>) -> Self {
        match state {
            SessionState::Unknown => Self::Waiting,
            SessionState::SignedOut { come_back } => Self::SignIn { come_back },
            SessionState::Failed(error) => Self::Failed(error),
            SessionState::SignedIn(me) => {
                let found = find(&me);
                Self::Open(Box::new((me, found)))
            }
        }
    }
}

/// Shows what `find` finds for whoever is signed in, and leads to the sign-in page if nobody is.
pub(super) fn opened<T: Clone + PartialEq + Send + Sync + 'static>(
    find: impl Fn(&MeResponse) -> Option<T> + Send + Sync + 'static,
    show: impl Fn(MeResponse, Option<T>) -> AnyView + 'static,
) -> AnyView {
    let session: Session = expect_context();
    let router: Router = expect_context();
    let gate = Memo::new(move || Gate::new(session.state(), &find));
    let here = move || router.address_now().to_href();
    let content = move || match gate.get() {
        Gate::Waiting => view! { <div class="frame" aria-busy="true"></div> },
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
            let (me, found) = *opened;
            show(me, found)
        }
    };
    content.into_any()
}
