//! The columns of the table of accounts.

use fanbase_domain::wire::admin::{AdminUserResponse, ConnectStatus, UserStatus};
use leptos::prelude::*;

use super::users::Users;
use crate::{
    components::{Badge, Tone, ago},
    i18n::{format, t},
    state::{clock::Clock, fans_query::Density},
    table::{Layout, SlotRow, Sorting, Who, or_dash},
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
    Memo::new(|_| Layout {
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
    view! { {sorting.head("who", a.user, Some("name"))}{heads} }.into_any()
}

/// What an account is called.
pub(super) fn called(user: &AdminUserResponse) -> &str {
    user.name.as_deref().or(user.email.as_deref()).unwrap_or(t().admin.nameless)
}

/// The cells of a row: who it is, then the columns.
pub(super) fn cells(row: SlotRow, users: Users) -> Vec<AnyView> {
    let clock: Clock = expect_context();
    let who = row.who(
        |user: &AdminUserResponse| Who {
            called: called(user).to_owned(),
            below: user.name.as_ref().and(user.email.clone()),
            name: user.name.clone(),
            email: user.email.clone().unwrap_or_default(),
            picture: user.avatar_url.clone(),
            has_account: false,
        },
        move |user: &AdminUserResponse| users.href(user.id),
    );
    let cells = COLUMNS.map(|(name, ..)| row.cell(name, move |user| cell(name, user, clock)));
    std::iter::once(who).chain(cells).collect()
}

fn cell(column: &str, user: &AdminUserResponse, clock: Clock) -> AnyView {
    match column {
        "status" => badges(user),
        "role" => or_dash(user.role.map(|role| (t().words.role)(role).into_any())),
        "stores" => or_dash((user.stores > 0).then(|| format::count(user.stores).into_any())),
        "connect" => connect(user.connect),
        "created" => ago(user.created_at, clock).into_any(),
        _ => or_dash(user.last_sign_in_at.map(|at| ago(at, clock).into_any())),
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
    view! { <span class="tags"><Badge tone text=(t().admin.status)(user.status) />{admin}</span> }.into_any()
}

/// How far its stores are at Stripe Connect.
pub(super) fn connect(status: ConnectStatus) -> AnyView {
    let tone = match status {
        ConnectStatus::NotConnected => return or_dash(None),
        ConnectStatus::Incomplete => Tone::Notice,
        ConnectStatus::CanCharge | ConnectStatus::CanBePaidOut => Tone::Good,
    };
    view! { <Badge tone text=(t().admin.connect)(status) /> }.into_any()
}
