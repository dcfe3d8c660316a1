//! `/`: leads on to the fans of the first store, or to the sign-in page.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, components::Redirect};

use crate::{
    components::{EmptyState, ErrorPanel, Glyph, Remedy},
    i18n::t,
    pages::store::LogOut,
    routes,
    state::{
        fans_query::FansQuery,
        session::{Session, SessionState},
    },
};

/// A redirection leaves no trace in the history: "back" must not lead into it again.
pub(super) fn replacing() -> NavigateOptions {
    NavigateOptions { replace: true, ..NavigateOptions::default() }
}

#[component]
pub(crate) fn HomePage() -> impl IntoView {
    let session: Session = expect_context();
    let retry = Callback::new(move |()| session.load());
    move || match session.state() {
        SessionState::Unknown => ().into_any(),
        SessionState::SignedOut { .. } => {
            view! { <Redirect path=routes::login(None) options=replacing() /> }.into_any()
        }
        SessionState::Failed(error) => view! {
            <main class="alone">
                <ErrorPanel title=t().errors.session error remedy=Remedy::Retry(retry) />
            </main>
        }
        .into_any(),
        SessionState::SignedIn(me) => match me.stores.first() {
            Some(store) => {
                let fans = routes::fans(&store.slug, &FansQuery::default());
                view! { <Redirect path=fans options=replacing() /> }.into_any()
            }
            None => view! {
                <main class="alone">
                    <EmptyState glyph=Glyph::Store title=t().nowhere.no_stores_title
                        detail=t().nowhere.no_stores_detail>
                        <LogOut />
                    </EmptyState>
                </main>
            }
            .into_any(),
        },
    }
}
