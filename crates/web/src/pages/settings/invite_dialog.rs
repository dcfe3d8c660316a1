//! Invites somebody, and shows the link to pass on: once.

use fanbase_domain::{
    role::Role,
    wire::members::{CreateInvitationRequest, InvitationResponse, NewInvitation},
};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::role_dialog::roles;
use crate::{
    api,
    components::{CopyButton, Dialog, DialogActions, ErrorNote, FormErrors, SelectField, TextField},
    i18n::t,
    state::{load::Load, store::CurrentStore, task::Task},
};

#[component]
pub(super) fn InviteDialog(
    store: CurrentStore,
    invitations: Load<Vec<InvitationResponse>>,
    close: Callback<()>,
) -> impl IntoView {
    let (sending, link) = (Task::new(), RwSignal::new(None::<String>));
    let content = move || match link.get() {
        Some(link) => view! { <Link link close /> }.into_any(),
        None => view! { <Form store invitations sending link close /> }.into_any(),
    };
    view! {
        <Dialog title=t().members.invite_title on_close=close held=Signal::derive(move || sending.is_running())>
            {content}
        </Dialog>
    }
}

#[component]
fn Form(
    store: CurrentStore,
    invitations: Load<Vec<InvitationResponse>>,
    sending: Task,
    link: RwSignal<Option<String>>,
    close: Callback<()>,
) -> impl IntoView {
    let (m, errors) = (&t().members, FormErrors::new());
    let (email, role) =
        (RwSignal::new(String::new()), RwSignal::new(Role::SubaccountUser.as_str().to_owned()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let role = Role::parse(&role.read_untracked()).unwrap_or(Role::SubaccountGuest);
        let request = CreateInvitationRequest { email: email.get_untracked(), role };
        if let Err(wrong) = NewInvitation::try_from(request.clone()) {
            return errors.set(wrong);
        }
        sending.run(async move {
            let created =
                api::members::invite(store.id(), request).await.inspect_err(|error| errors.take(error))?;
            invitations.again();
            let origin = window().location().origin().unwrap_or_default();
            link.set(Some(origin + &created.path));
            Ok(())
        });
    };
    let failure = move || {
        sending.failure().filter(|_| errors.of("").is_none()).map(|error| view! { <ErrorNote error /> })
    };
    view! {
        <form class="dialog__form" on:submit=submit novalidate>
            <TextField label=t().settings.email value=email pointer="/email" kind="email" errors />
            <SelectField label=m.role value=role options=roles(store) />
            {failure}
            <DialogActions on_cancel=close confirm=m.invite busy=Signal::derive(move || sending.is_running()) />
        </form>
    }
}

#[component]
fn Link(link: String, close: Callback<()>) -> impl IntoView {
    let m = &t().members;
    view! {
        <div class="dialog__form">
            <p role="status">{m.link}</p>
            <p class="secret"><code>{link.clone()}</code><CopyButton text=link label=m.copy_link /></p>
            <footer class="dialog__actions">
                <button class="button button--primary" type="button" on:click=move |_| { close.try_run(()); }>{t().settings.done}</button>
            </footer>
        </div>
    }
}
