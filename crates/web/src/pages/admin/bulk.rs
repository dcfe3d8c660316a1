//! What can be done to accounts: asked for, tried without effect first, and only then done.

use std::sync::Arc;

use fanbase_domain::{
    ids::UserId,
    role::Role,
    wire::admin::{UserBulkAction, UserBulkRequest, UserBulkResponse},
};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::users::Users;
use crate::{
    api,
    components::{Dialog, DialogActions, ErrorNote, SelectField, SkeletonLines, loaded},
    i18n::{format, t},
    state::{load::Load, task::Task, toasts::Toasts},
    table::SelectedBar,
};

/// How many who are left as they are, and why, are named.
const NAMED: usize = 20;

/// What is to be done, and to whom: to these, or to all that match.
#[derive(Clone, PartialEq)]
pub(super) struct Order {
    pub action: UserBulkAction,
    pub users: Option<Vec<UserId>>,
}

#[component]
pub(super) fn BulkBar() -> impl IntoView {
    let users: Users = expect_context();
    let asked = RwSignal::new(None::<Order>);
    let actions = move || {
        let buttons = UserBulkAction::ALL.map(|action| {
            let ask = move |_| {
                let is_all = users.table.selection.read_untracked().is_all();
                let picked = || users.picked().iter().map(|user| user.id).collect();
                asked.set(Some(Order { action, users: (!is_all).then(picked) }));
            };
            view! {
                <button class="bulk__button" type="button" on:click=ask>{(t().admin.action)(action)}</button>
            }
        });
        buttons.into_iter().collect_view().into_any()
    };
    let close = Callback::new(move |changed: bool| {
        asked.set(None);
        if changed {
            users.table.select_nothing();
            users.changed();
        }
    });
    view! {
        <SelectedBar table=users.table actions=actions />
        {move || asked.get().map(|order| view! { <OrderDialog order users close /> })}
    }
}

/// Tells what would become of them, and does it. `close` is told whether it was done.
#[component]
pub(super) fn OrderDialog(order: Order, users: Users, close: Callback<bool>) -> impl IntoView {
    let (a, toasts): (_, Toasts) = (&t().admin, expect_context());
    let Order { action, users: ids } = order;
    let role = RwSignal::new(Role::SubaccountUser.as_str().to_owned());
    // Of one moment: what was tried is what is done.
    let filter = if ids.is_some() { String::new() } else { users.query.read_untracked().filter() };
    let request = move |role: &str, dry_run| UserBulkRequest {
        action,
        role: Role::parse(role).filter(|_| action == UserBulkAction::Role),
        user_ids: ids.clone(),
        dry_run,
    };
    let trial = {
        let (request, filter) = (request.clone(), filter.clone());
        Load::new(move || {
            let (request, filter) = (request(&role.read(), true), filter.clone());
            async move { api::admin::change_users(&filter, request).await }
        })
    };
    let running = Task::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (request, filter) = (request(&role.read_untracked(), false), filter.clone());
        running.run(async move {
            let done = api::admin::change_users(&filter, request).await?;
            toasts.tell((a.changed)(&format::count(done.changed), &format::count(done.matched)));
            close.try_run(true);
            Ok(())
        });
    };
    let roles = Role::ALL.map(|role| (role.as_str().to_owned(), (t().words.role)(role).to_owned()));
    let asks_role = (action == UserBulkAction::Role)
        .then(|| view! { <SelectField label=a.role_title value=role options=roles.to_vec() /> });
    let nothing_to_do = move || trial.value().is_none_or(|trial| trial.changed == 0) || trial.is_pending();
    let cancel = Callback::new(move |()| {
        close.try_run(false);
    });
    let waiting = || view! { <SkeletonLines lines=2 /> };
    view! {
        <Dialog title=(a.action_title)(action) on_close=cancel>
            <form class="dialog__form" on:submit=submit>
                {(action == UserBulkAction::Delete).then(|| view! { <p>{a.delete_detail}</p> })}
                {asks_role}
                {loaded(trial, a.trial_failed, waiting, preview)}
                {move || running.failure().map(|error| view! { <ErrorNote error /> })}
                <DialogActions on_cancel=cancel confirm=(a.action)(action) destructive=action == UserBulkAction::Delete
                    busy=Signal::derive(move || running.is_running()) disabled=Signal::derive(nothing_to_do) />
            </form>
        </Dialog>
    }
}

/// What would become of them.
fn preview(trial: Arc<UserBulkResponse>) -> AnyView {
    let a = &t().admin;
    let count = format::count;
    let refused = trial.refused.iter().take(NAMED).map(|refused| {
        let who = refused.email.clone().unwrap_or_else(|| a.nameless.to_owned());
        view! { <li><b>{who}</b>" "{refused.reason.clone()}</li> }
    });
    let refused = refused.collect_view();
    let more = trial.refused.len().saturating_sub(NAMED);
    let line = |text: String| view! { <p>{text}</p> };
    view! {
        <div class="preview" role="status">
            {line((a.would_change)(trial.changed))}
            {(trial.unchanged > 0).then(|| line((a.unchanged)(trial.unchanged)))}
            {(!trial.refused.is_empty()).then(|| line((a.refused)(trial.refused.len() as u64)))}
        </div>
        {(!refused.is_empty()).then(|| view! { <ul class="preview preview--refused">{refused}</ul> })}
        {(more > 0).then(|| view! { <p class="field__note">{(a.more)(&count(more as u64))}</p> })}
    }
    .into_any()
}
