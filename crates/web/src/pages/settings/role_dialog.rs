//! Gives a member another role.

use fanbase_domain::{role::Role, wire::members::MemberResponse};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::{
    api,
    components::{Dialog, DialogActions, ErrorNote, SelectField},
    i18n::t,
    state::{load::Load, store::CurrentStore, task::Task, toasts::Toasts},
};

/// The roles that whoever is signed in may give, as codes and words.
pub(super) fn roles(store: CurrentStore) -> Vec<(String, String)> {
    let mine = store.get().role;
    let roles = Role::ALL.into_iter().filter(|role| mine.is_some_and(|mine| mine.may_appoint(*role)));
    roles.map(|role| (role.as_str().to_owned(), (t().words.role)(role).to_owned())).collect()
}

#[component]
pub(super) fn RoleDialog(
    member: MemberResponse,
    store: CurrentStore,
    members: Load<Vec<MemberResponse>>,
    close: Callback<()>,
) -> impl IntoView {
    let (m, toasts): (_, Toasts) = (&t().members, expect_context());
    let (role, saving) = (RwSignal::new(member.role.as_str().to_owned()), Task::new());
    let user = member.user_id;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(role) = Role::parse(&role.read_untracked()) else { return };
        saving.run(async move {
            api::members::patch_member(store.id(), user, role).await?;
            members.again();
            toasts.tell(t().settings.saved);
            close.try_run(());
            Ok(())
        });
    };
    let who = member.name.or(member.email).unwrap_or_default();
    view! {
        <Dialog title=(m.role_title)(&who) on_close=close>
            <form class="dialog__form" on:submit=submit>
                <SelectField label=m.role value=role options=roles(store) />
                {move || saving.failure().map(|error| view! { <ErrorNote error /> })}
                <DialogActions on_cancel=close confirm=t().components.save
                    busy=Signal::derive(move || saving.is_running()) />
            </form>
        </Dialog>
    }
}
