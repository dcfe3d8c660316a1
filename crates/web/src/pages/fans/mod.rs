//! `/store/{store}/contacts`: the fans of a store.
//!
//! The URL says what is shown; two resources follow it, the page of fans and the counts on the
//! tabs. The result is matched instead of being left to an `ErrorBoundary`, whose errors have no
//! type: the panel needs the code and the request id.

mod header;
mod list;
mod pager;
mod profile;
mod row;
mod search;
mod tabs;

use leptos::prelude::*;

use self::{header::Header, list::FanList, search::SearchField, tabs::Tabs};
use crate::{
    api,
    i18n::t,
    router::Router,
    state::{fans_query::FansQuery, session::Session, store::CurrentStore},
};

#[component]
pub(crate) fn FansPage() -> impl IntoView {
    let (session, current): (Session, CurrentStore) = (expect_context(), expect_context());
    let (id, slug) = (current.store.id, current.store.slug.clone());
    let address = expect_context::<Router>().address();
    let query = Memo::new(move |_| FansQuery::parse(&address.read().query));
    let fans = LocalResource::new(move || {
        let query = query.get();
        async move { session.watch(api::fans::list_fans(id, &query).await) }
    });
    let searched = Memo::new(move |_| query.read().is_searching().then(|| query.read().search.clone()));
    let found = LocalResource::new(move || {
        let search = searched.get();
        async move {
            let search = search?;
            session.watch(api::fans::get_fan_counts(id, &search).await).ok()
        }
    });
    // While nothing is searched for, the counts of the store are those of the list.
    let counts = Signal::derive(move || match searched.read().is_some() {
        true => found.get().flatten(),
        false => current.counts.get().and_then(Result::ok),
    });
    let retry = Callback::new(move |()| {
        current.counts.refetch();
        found.refetch();
        fans.refetch();
    });
    let title = format!("{} · {}", t().fans.title, current.store.name);
    Effect::new(move || document().set_title(&title));
    view! {
        <Header />
        <Tabs query counts slug=slug.clone() />
        <SearchField query slug />
        <FanList query fans counts retry />
    }
}
