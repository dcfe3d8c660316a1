//! `/`: leads on to the fans of the first store, or to the sign-in page.

use leptos::prelude::*;

use crate::{
    components::{ErrorPanel, Glyph, Place, Remedy, StatePanel},
    i18n::t,
    pages::frame::LogOut,
    router::Redirect,
    routes::{self, AdminPage},
    state::{
        fans_query::FansQuery,
        session::{Session, SessionState},
    },
};

#[component]
pub(crate) fn HomePage() -> impl IntoView {
    let session: Session = expect_context();
    let retry = Callback::new(move |()| session.load());
    move || match session.state() {
        SessionState::Unknown => ().into_any(),
        SessionState::SignedOut { .. } => view! { <Redirect to=routes::login(None) /> }.into_any(),
        SessionState::Failed(error) => view! {
            <ErrorPanel title=t().errors.session error remedy=Remedy::Retry(retry) place=Place::Page />
        }
        .into_any(),
        SessionState::SignedIn(me) => match me.stores.first() {
            Some(store) => {
                view! { <Redirect to=routes::fans(&store.slug, &FansQuery::default()) /> }.into_any()
            }
            None if me.is_admin => view! { <Redirect to=routes::admin(AdminPage::Users) /> }.into_any(),
            None => view! {
                <StatePanel glyph=Glyph::Store place=Place::Page title=t().nowhere.no_stores_title
                    detail=t().nowhere.no_stores_detail>
                    <LogOut />
                </StatePanel>
            }
            .into_any(),
        },
    }
}
