//! `/admin/users/{user}`: one account, in a panel beside the list.

use std::sync::Arc;

use fanbase_domain::{
    problem::ProblemCode,
    wire::admin::{AdminUserDetailResponse, MembershipResponse, UserBulkAction, UserStatus},
};
use leptos::prelude::*;

use super::{
    bulk::{Order, OrderDialog},
    columns::{badges, called, connect},
    users::Users,
};
use crate::{
    api::{self, ApiError},
    components::{Avatar, ErrorPanel, Glyph, Icon, Place, Remedy, SidePanel, SkeletonLines, StatePanel},
    i18n::{format, t},
    state::load::Load,
};

#[component]
pub(super) fn UserPanel() -> impl IntoView {
    let users: Users = expect_context();
    let user = Load::new(move || {
        let id = users.open.get();
        async move { api::admin::get_user(id.ok_or(ApiError::Unreachable)?).await }
    });
    let content = move || {
        match user.get() {
        None => view! { <SkeletonLines lines=8 /> }.into_any(),
        Some(Ok(known)) => view! { <Known known user users /> }.into_any(),
        Some(Err(error)) if error.code() == Some(ProblemCode::NotFound) => view! {
            <StatePanel glyph=Glyph::Search place=Place::Part title=t().admin.gone_title detail=t().admin.gone_detail>
                <button class="button" type="button" on:click=move |_| users.close()>{t().components.close}</button>
            </StatePanel>
        }.into_any(),
        Some(Err(error)) => {
            let remedy = Remedy::Retry(Callback::new(move |()| user.retry()));
            view! { <ErrorPanel title=t().admin.user_failed error remedy place=Place::Part /> }.into_any()
        }
    }
    };
    let step = |glyph, label: &'static str, forward: bool| {
        view! {
            <button class="icon-button" type="button" aria-label=label title=label
                on:click=move |_| users.table.step(forward)>
                <Icon glyph />
            </button>
        }
    };
    let actions = view! {
        {step(Glyph::SortUp, t().admin.previous, false)}
        {step(Glyph::SortDown, t().admin.next, true)}
    }
    .into_any();
    view! {
        <SidePanel label=t().admin.details on_close=Callback::new(move |()| users.close()) actions>
            <div aria-busy=move || user.is_pending().to_string()>{content}</div>
        </SidePanel>
    }
}

#[component]
fn Known(
    known: Arc<AdminUserDetailResponse>,
    user: Load<AdminUserDetailResponse>,
    users: Users,
) -> impl IntoView {
    let (a, account) = (&t().admin, &known.user);
    let asked = RwSignal::new(None::<Order>);
    let close = Callback::new(move |changed: bool| {
        asked.set(None);
        if changed {
            user.again();
            users.changed();
        }
    });
    let id = account.id;
    let button = move |action: UserBulkAction| {
        let ask = move |_| asked.set(Some(Order { action, users: Some(vec![id]) }));
        view! { <button class="button" type="button" on:click=ask>{(a.action)(action)}</button> }.into_any()
    };
    let is_member = !known.memberships.is_empty();
    let buttons = match account.status {
        UserStatus::Deleted => Vec::new(),
        status => vec![
            is_member.then(|| button(UserBulkAction::Role)),
            Some(button(match account.is_admin {
                true => UserBulkAction::RevokeAdmin,
                false => UserBulkAction::MakeAdmin,
            })),
            Some(button(match status {
                UserStatus::Suspended => UserBulkAction::Reinstate,
                _ => UserBulkAction::Suspend,
            })),
            Some(button(UserBulkAction::Delete)),
        ],
    };
    let buttons: Vec<AnyView> = buttons.into_iter().flatten().collect();
    let when = |at| format!("{} · {}", format::ago(at), format::instant(at).unwrap_or_default());
    let line = |name: &'static str, value: AnyView| view! { <div class="fact"><dt>{name}</dt><dd>{value}</dd></div> };
    let last = account.last_sign_in_at.map_or_else(|| a.never.to_owned(), when);
    let email = account.email.clone().unwrap_or_default();
    let mail = account.email.clone().map(|email| {
        view! { <a class="person-head__email" href=format!("mailto:{email}")>{email.clone()}</a> }
    });
    view! {
        <div class="person-head">
            <Avatar name=account.name.clone() email picture=account.avatar_url.clone() has_account=false />
            <div class="person-head__text">
                <h2 class="person-head__name">{called(account).to_owned()}</h2>
                {mail}
            </div>
        </div>
        <div class="person-head__actions">{buttons}</div>
        <section class="panel__section">
            <h3 class="sr-only">{a.details}</h3>
            <dl class="facts">
                {line(a.status_title, badges(account))}
                {line(a.signed_up, when(account.created_at).into_any())}
                {line(a.last_seen, last.into_any())}
                {line(a.id, view! { <code>{id.to_string()}</code> }.into_any())}
            </dl>
        </section>
        <section class="panel__section">
            <h3>{a.memberships}</h3>
            {memberships(&known.memberships)}
        </section>
        {move || asked.get().map(|order| view! { <OrderDialog order users close /> })}
    }
}

fn memberships(memberships: &[MembershipResponse]) -> AnyView {
    let a = &t().admin;
    if memberships.is_empty() {
        return view! { <p class="panel__note">{a.no_memberships}</p> }.into_any();
    }
    let rows = memberships.iter().map(|membership| {
        view! {
            <tr>
                <th scope="row">{membership.store_name.clone()}</th>
                <td>{(t().words.role)(membership.role)}</td>
                <td>{connect(membership.connect)}</td>
            </tr>
        }
    });
    view! {
        <table class="table">
            <thead><tr><th scope="col">{a.store}</th><th scope="col">{a.role_title}</th><th scope="col">{a.connect_title}</th></tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }.into_any()
}
