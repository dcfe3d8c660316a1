//! The columns of the table of accounts.

use std::sync::Arc;

use crate::ui::prelude::*;
use fanbase_domain::{
    time::Timestamp,
    wire::admin::{AdminUserResponse, ConnectStatus, UserStatus},
};

use super::users::Users;
use crate::{
    components::{Avatar, Badge, Tone, When},
    i18n::{format, t},
    state::fans_query::Density,
    table::{Layout, Row, Sorting, or_dash},
};

/// The columns behind the first: their names, widths and least widths.
const COLUMNS: [(&str, &str, u32); 6] = [
    ("status", "minmax(128px, 0.8fr)", 128),
    ("role", "minmax(116px, 0.7fr)", 116),
    ("stores", "72px", 72),
    ("connect", "minmax(128px, 0.8fr)", 128),
    ("created", "112px", 112),
    ("seen", "112px", 112),
];

/// How rows are laid out: always the same.
pub(super) fn layout() -> Memo<Layout> {
    Memo::new(|| Layout {
        columns: COLUMNS.iter().map(|(name, ..)| *name).collect(),
        tracks: COLUMNS.map(|(_, track, _)| track).join(" "),
        least: COLUMNS.iter().map(|(.., least)| least).sum(),
        density: Density::Comfortable,
    })
}

/// The heads of the columns.
pub(super) fn head(sorting: Sorting) -> AnyView {
    let a = &t().admin;
    let labels = [a.status_title, a.role_title, a.stores, a.connect_title, a.signed_up, a.last_seen];
    let sorts = [None, None, None, None, Some("created_at"), Some("last_sign_in_at")];
    let heads = COLUMNS.iter().zip(labels).zip(sorts);
    let heads = heads.map(|(((name, ..), label), sort)| sorting.head(name, label, sort)).collect_view();
    view! { {sorting.head("who", a.user, Some("name"))}{heads} }
}

/// What an account is called.
pub(super) fn called(user: &AdminUserResponse) -> &str {
    user.name.as_deref().or(user.email.as_deref()).unwrap_or(t().admin.nameless)
}

/// The cells of a row: who it is, then the columns.
pub(super) fn cells(row: &Row, users: Users) -> Vec<AnyView> {
    let Some(user) = row.get::<AdminUserResponse>() else { return Vec::new() };
    let who = view! { <div class="cell" role="rowheader" data-column="who"><Person user=Arc::clone(&user) users /></div> };
    let when = |at: Option<Timestamp>| or_dash(at.map(|at| view! { <When at /> }));
    let values = [
        badges(&user),
        or_dash(user.role.map(|role| (t().words.role)(role).into_any())),
        or_dash((user.stores > 0).then(|| format::count(user.stores).into_any())),
        connect(user.connect),
        when(Some(user.created_at)),
        when(user.last_sign_in_at),
    ];
    let cells = COLUMNS.iter().zip(values).map(|((name, ..), value)| {
        view! { <div class="cell" role="gridcell" data-column=*name>{value}</div> }
    });
    std::iter::once(who).chain(cells).collect()
}

/// Picture, name and address.
#[component]
fn Person(user: Arc<AdminUserResponse>, users: Users) -> impl IntoView {
    let (id, name) = (user.id, called(&user).to_owned());
    let email = user.email.clone().unwrap_or_default();
    let below = user.name.as_ref().map(|_| email.clone());
    view! {
        <Avatar name=user.name.clone() email picture=user.avatar_url.clone() has_account=false />
        <span class="person">
            <a class="person__name" tabindex="-1" href=move || users.href(id) title=name.clone()>{name.clone()}</a>
            {below.map(|email| view! { <span class="person__email" title=email.clone()>{email.clone()}</span> })}
        </span>
    }
}

/// What it can do, and whether it administers the platform.
pub(super) fn badges(user: &AdminUserResponse) -> AnyView {
    let tone = match user.status {
        UserStatus::Active => Tone::Good,
        UserStatus::Suspended => Tone::Notice,
        UserStatus::Deleted => Tone::Neutral,
    };
    let admin = user.is_admin.then(|| view! { <Badge tone=Tone::Subscription text=t().admin.admin /> });
    view! { <span class="tags"><Badge tone text=(t().admin.status)(user.status) />{admin}</span> }
}

/// How far its stores are at Stripe Connect.
pub(super) fn connect(status: ConnectStatus) -> AnyView {
    let tone = match status {
        ConnectStatus::NotConnected => return or_dash(None),
        ConnectStatus::Incomplete => Tone::Notice,
        ConnectStatus::CanCharge | ConnectStatus::CanBePaidOut => Tone::Good,
    };
    view! { <Badge tone text=(t().admin.connect)(status) /> }
}
