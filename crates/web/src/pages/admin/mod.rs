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

use crate::ui::prelude::*;
use fanbase_domain::wire::auth::MeResponse;

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
            Some(()) => view! { <Platform me route /> },
            None => view! {
                <StatePanel glyph=Glyph::Brand place=Place::Page title=t().admin.forbidden_title
                    detail=t().admin.forbidden_detail>
                    <a class="button" href=routes::HOME>{t().nowhere.home}</a>
                </StatePanel>
            },
        },
    )
}

#[component]
fn Platform(me: MeResponse, route: Memo<Route>) -> impl IntoView {
    // The accounts stay as they are while the panel beside them shows one or another.
    let page = Memo::new(move || match *route.read() {
        Route::Admin(page) => Some(page.group()),
        _ => None,
    });
    let content = move || {
        page.get().map(|page| match page {
            AdminPage::Stats => view! { <StatsPage /> },
            AdminPage::Users | AdminPage::User(_) => view! { <UsersPage route /> },
            AdminPage::AuditLog => view! { <AuditLogPage /> },
            AdminPage::Events => view! { <EventsPage /> },
        })
    };
    view! { <Frame me route content=content.into_any() /> }
}
