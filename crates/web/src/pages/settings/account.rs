//! The own account: the name, the password, and the way out.

use fanbase_domain::wire::auth::{MePatch, PasswordChange, PasswordRequest, PatchMeRequest};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::sessions::Sessions;
use crate::{
    api,
    components::{ErrorNote, FormErrors, TextField, error_text},
    i18n::t,
    state::{
        session::{Session, SessionState},
        task::Task,
        toasts::Toasts,
    },
};

#[component]
pub(super) fn AccountSection() -> impl IntoView {
    let session: Session = expect_context();
    let me = match untrack(|| session.state()) {
        SessionState::SignedIn(me) => me,
        _ => return ().into_any(),
    };
    view! {
        <NameForm name=me.name.unwrap_or_default() email=me.email.unwrap_or_default() session />
        <PasswordForm />
        <Sessions />
        <EndSession session />
    }
    .into_any()
}

#[component]
fn NameForm(name: String, email: String, session: Session) -> impl IntoView {
    let (s, toasts): (_, Toasts) = (&t().settings, expect_context());
    let (name, errors, saving) = (RwSignal::new(name), FormErrors::new(), Task::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let name = Some(name.get_untracked()).filter(|name| !name.trim().is_empty());
        if let Err(wrong) = MePatch::try_from(PatchMeRequest { name: Some(name.clone()) }) {
            return errors.set(wrong);
        }
        saving.run(async move {
            api::auth::patch_me(name).await?;
            toasts.tell(s.saved);
            session.load();
            Ok(())
        });
    };
    view! {
        <form class="settings" on:submit=submit novalidate>
            <dl class="facts"><div class="fact"><dt>{s.email}</dt><dd>{email}</dd></div></dl>
            <TextField label=s.account_name value=name pointer="/name" autocomplete="name" errors />
            {move || saving.failure().map(|error| view! { <ErrorNote error /> })}
            <button class="button button--primary" type="submit" disabled=move || saving.is_running()>
                {t().components.save}
            </button>
        </form>
    }
}

#[component]
fn PasswordForm() -> impl IntoView {
    let (s, toasts): (_, Toasts) = (&t().settings, expect_context());
    let (current, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (errors, saving) = (FormErrors::new(), Task::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let request =
            PasswordRequest { current_password: current.get_untracked(), new_password: new.get_untracked() };
        if let Err(wrong) = PasswordChange::try_from(request.clone()) {
            return errors.set(wrong);
        }
        saving.run(async move {
            api::auth::change_password(&request).await.inspect_err(|error| errors.take(error))?;
            current.set(String::new());
            new.set(String::new());
            toasts.tell(s.password_changed);
            Ok(())
        });
    };
    let failure = move || {
        saving.failure().filter(|_| errors.of("").is_none()).map(|error| view! { <ErrorNote error /> })
    };
    view! {
        <form class="settings" on:submit=submit novalidate>
            <h2 class="block__title">{s.password}</h2>
            <TextField label=s.current_password value=current pointer="/current_password" kind="password"
                autocomplete="current-password" errors />
            <TextField label=s.new_password value=new pointer="/new_password" kind="password"
                autocomplete="new-password" hint=s.new_password_hint errors />
            {failure}
            <button class="button" type="submit" disabled=move || saving.is_running()>{s.change_password}</button>
        </form>
    }
}

#[component]
fn EndSession(session: Session) -> impl IntoView {
    let (toasts, ending): (Toasts, _) = (expect_context(), Task::new());
    let end = move |_| {
        ending
            .run(async move { session.sign_out().await.inspect_err(|error| toasts.warn(error_text(error))) });
    };
    view! {
        <section class="settings">
            <h2 class="block__title">{t().settings.session}</h2>
            <button class="button" type="button" disabled=move || ending.is_running() on:click=end>
                {t().frame.log_out}
            </button>
        </section>
    }
}
