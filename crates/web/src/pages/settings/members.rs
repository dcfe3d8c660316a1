//! The members of the store, and who is invited.

use std::sync::Arc;

use fanbase_domain::{
    role::{Permission, Role},
    wire::members::{InvitationResponse, MemberResponse},
};
use leptos::prelude::*;

use super::{action, invite_dialog::InviteDialog, role_dialog::RoleDialog, table};
use crate::{
    api,
    components::{Badge, Deed, Question, SkeletonLines, Tone, When, asked, loaded},
    i18n::{format, t},
    routes::Section,
    state::{
        load::Load,
        session::{Session, SessionState},
        store::CurrentStore,
    },
};

#[component]
pub(super) fn MembersSection() -> impl IntoView {
    let (m, store): (_, CurrentStore) = (&t().members, expect_context());
    let id = store.id();
    let members = Load::new(move || api::members::list_members(id));
    let (question, inviting, changed) =
        (RwSignal::new(None), RwSignal::new(false), RwSignal::new(None::<MemberResponse>));
    let list = move |list: Arc<Vec<MemberResponse>>| {
        let owners = list.iter().filter(|member| member.role == Role::AgencyOwner).count();
        let rows = list.iter().map(|member| {
            // A store needs an owner.
            let is_last_owner = owners == 1 && member.role == Role::AgencyOwner;
            let name = member.name.clone().or(member.email.clone()).unwrap_or_default();
            let email = member.name.as_ref().and(member.email.clone());
            let suspended =
                member.is_suspended.then(|| view! { <Badge tone=Tone::Notice text=t().members.suspended /> });
            view! {
                <tr>
                    <th scope="row" class="table__wrap">
                        <span class="two-lines"><span>{name.clone()}" "{suspended}</span>{email.map(|email| view! { <small>{email}</small> })}</span>
                    </th>
                    <td>{(t().words.role)(member.role)}</td>
                    <td><When at=member.created_at /></td>
                    <td class="table__actions">{actions(member, &name, store, members, question, changed, is_last_owner)}</td>
                </tr>
            }
        });
        table((t().settings.section)(Section::Members), &[m.member, m.role, m.since], rows.collect_view())
    };
    let waiting = || view! { <SkeletonLines lines=4 /> };
    let may_manage = store.may(Permission::ManageMembers);
    let invitations = Load::new(move || async move {
        if may_manage { api::members::list_invitations(id).await } else { Ok(Vec::new()) }
    });
    let invite = may_manage.then(|| {
        view! { <button class="button" type="button" on:click=move |_| inviting.set(true)>{m.invite}</button> }
    });
    let waiting_for = move |list: Arc<Vec<InvitationResponse>>| match list.is_empty() {
        true => view! { <p class="content__note">{m.no_invitations}</p> }.into_any(),
        false => pending(&list, store, invitations, question).into_any(),
    };
    let invited = may_manage.then(|| {
        view! {
            <section class="block">
                <h2 class="block__title">{m.invitations}</h2>
                {loaded(invitations, t().settings.failed, waiting, waiting_for)}
            </section>
        }
    });
    let close_invite = Callback::new(move |()| inviting.set(false));
    let close_role = Callback::new(move |()| changed.set(None));
    view! {
        <section class="block">
            <header class="block__head"><p class="content__note">{m.detail}</p>{invite}</header>
            {loaded(members, t().settings.failed, waiting, list)}
        </section>
        {invited}
        <Roles />
        {asked(question)}
        {move || inviting.get().then(|| view! { <InviteDialog store invitations close=close_invite /> })}
        {move || changed.get().map(|member| view! { <RoleDialog member store members close=close_role /> })}
    }
}

/// What can be done about a member by whoever looks.
fn actions(
    member: &MemberResponse,
    name: &str,
    store: CurrentStore,
    members: Load<Vec<MemberResponse>>,
    question: RwSignal<Option<Question>>,
    changed: RwSignal<Option<MemberResponse>>,
    is_last_owner: bool,
) -> AnyView {
    let m = &t().members;
    let session: Session = expect_context();
    let me = match untrack(|| session.state()) {
        SessionState::SignedIn(me) => me.user_id,
        _ => None,
    };
    if me == Some(member.user_id) && is_last_owner {
        return ().into_any();
    }
    if me == Some(member.user_id) {
        let leave = Callback::new(move |()| question.set(Some(leave(store, session))));
        return action(m.leave, name, leave);
    }
    if !store.get().role.is_some_and(|mine| mine.may_appoint(member.role)) {
        return ().into_any();
    }
    let (one, two, who) = (member.clone(), member.clone(), name.to_owned());
    let change = Callback::new(move |()| changed.set(Some(one.clone())));
    let remove = Callback::new(move |()| question.set(Some(remove(&two, &who, store, members))));
    view! { {action(m.change_role, name, change)}{action(m.remove, name, remove)} }.into_any()
}

fn remove(
    member: &MemberResponse,
    who: &str,
    store: CurrentStore,
    members: Load<Vec<MemberResponse>>,
) -> Question {
    let (m, user) = (&t().members, member.user_id);
    let deed: Deed = Arc::new(move |_| {
        Box::pin(async move {
            api::members::remove_member(store.id(), user).await?;
            members.again();
            Ok(())
        })
    });
    Question {
        title: (m.remove_title)(who),
        detail: m.remove_detail.to_owned(),
        name: None,
        confirm: m.remove,
        destructive: true,
        done: (m.removed)(who),
        deed,
    }
}

fn leave(store: CurrentStore, session: Session) -> Question {
    let (m, name) = (&t().members, store.get().name);
    let deed: Deed = Arc::new(move |_| {
        Box::pin(async move {
            api::members::leave(store.id()).await?;
            session.refresh().await;
            Ok(())
        })
    });
    Question {
        title: (m.leave_title)(&name),
        detail: m.leave_detail.to_owned(),
        name: None,
        confirm: m.leave,
        destructive: true,
        done: (m.left)(&name),
        deed,
    }
}

/// Who is invited.
fn pending(
    list: &[InvitationResponse],
    store: CurrentStore,
    invitations: Load<Vec<InvitationResponse>>,
    question: RwSignal<Option<Question>>,
) -> AnyView {
    let m = &t().members;
    let rows = list.iter().map(|invitation| {
        let (id, email) = (invitation.id, invitation.email.clone());
        let revoke = Callback::new(move |()| {
            let deed: Deed = Arc::new(move |_| {
                Box::pin(async move {
                    api::members::revoke_invitation(store.id(), id).await?;
                    invitations.again();
                    Ok(())
                })
            });
            question.set(Some(Question {
                title: (m.revoke_title)(&email),
                detail: m.revoke_detail.to_owned(),
                name: None,
                confirm: m.revoke,
                destructive: true,
                done: (m.revoked)(&email),
                deed,
            }));
        });
        view! {
            <tr>
                <th scope="row" class="table__wrap">{invitation.email.clone()}</th>
                <td>{(t().words.role)(invitation.role)}</td>
                <td>{format::instant(invitation.expires_at)}</td>
                <td class="table__actions">{action(m.revoke, &invitation.email, revoke)}</td>
            </tr>
        }
    });
    table(m.invitations, &[m.invited, m.role, m.until], rows.collect_view())
}

/// What each role may do: the table of the domain.
#[component]
fn Roles() -> impl IntoView {
    let m = &t().members;
    let heads = Role::ALL.map(|role| view! { <th scope="col">{(t().words.role)(role)}</th> });
    let rows = Permission::ALL.map(|permission| {
        let cells = Role::ALL.map(|role| {
            let may = if role.may(permission) { t().words.yes } else { "–" };
            view! { <td>{may}</td> }
        });
        view! {
            <tr><th scope="row">{(m.permission)(permission)}</th>{cells.into_iter().collect_view()}</tr>
        }
    });
    view! {
        <details class="block">
            <summary class="content__note">{m.roles}</summary>
            <div class="scroll" tabindex="0" role="region" aria-label=m.roles>
                <table class="table">
                    <thead><tr><td></td>{heads.into_iter().collect_view()}</tr></thead>
                    <tbody>{rows.into_iter().collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
}
