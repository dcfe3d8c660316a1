//! Everything under `/admin`: the platform, for its admins.

mod bulk;
mod columns;
mod events;
mod filters;
mod query;
mod stats;
mod toolbar;
mod user;
mod users;

use fanbase_domain::wire::auth::MeResponse;
use leptos::prelude::*;

pub(crate) use self::query::Facet;
use self::{events::EventsPage, stats::StatsPage, users::UsersPage};
use super::{audit_log::AuditLogPage, frame::Frame, gate};
use crate::{
    components::{Glyph, Place, StatePanel},
    i18n::t,
    routes::{self, AdminPage, Route},
};

/// Opens the pages of the platform to its admins.
#[component]
pub(crate) fn AdminGate(route: Memo<Route>) -> impl IntoView {
    let find = |me: &MeResponse| me.is_admin.then_some(());
    gate::opened(
        find,
        |(), ()| true,
        move |me, admin| match admin {
            Some(()) => view! { <Platform me route /> }.into_any(),
            None => view! {
                <StatePanel glyph=Glyph::Brand place=Place::Page title=t().admin.forbidden_title
                    detail=t().admin.forbidden_detail>
                    <a class="button" href=routes::HOME>{t().nowhere.home}</a>
                </StatePanel>
            }
            .into_any(),
        },
    )
}

#[component]
fn Platform(me: MeResponse, route: Memo<Route>) -> impl IntoView {
    // The accounts stay as they are while the panel beside them shows one or another.
    let page = Memo::new(move |_| match *route.read() {
        Route::Admin(page) => Some(page.group()),
        _ => None,
    });
    let content = move || {
        page.get().map(|page| match page {
            AdminPage::Stats => view! { <StatsPage /> }.into_any(),
            AdminPage::Users | AdminPage::User(_) => view! { <UsersPage route /> }.into_any(),
            AdminPage::AuditLog => view! { <AuditLogPage /> }.into_any(),
            AdminPage::Events => view! { <EventsPage /> }.into_any(),
        })
    };
    view! { <Frame me route content=content.into_any() /> }
}
