//! `/invitation#…`: joining a store.

use std::sync::Arc;

use fanbase_domain::{
    problem::ProblemCode,
    wire::{
        auth::{LoginRequest, SignUpRequest},
        members::InvitationOfferResponse,
    },
};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::{Card, secret};
use crate::{
    api,
    components::{ErrorNote, FormErrors, SkeletonLines, TextField, loaded},
    i18n::t,
    router::{Leave, Router},
    routes,
    state::{
        load::Load,
        session::{Session, SessionState},
        task::Task,
    },
};

#[component]
pub(crate) fn InvitationPage() -> impl IntoView {
    let offer = Load::new(|| api::auth::get_invitation_offer(secret()));
    let waiting = || view! { <SkeletonLines lines=3 /> }.into_any();
    let show = |offer: Arc<InvitationOfferResponse>| view! { <Offer offer /> }.into_any();
    let is_gone = Memo::new(move |_| {
        offer.get().is_some_and(|offer| offer.is_err_and(|error| error.code() == Some(ProblemCode::NotFound)))
    });
    let w = &t().welcome;
    move || match is_gone.get() {
        // Trying again can't help.
        true => view! {
            <Card title=w.gone_title>
                <p class="login__detail">{w.gone_detail}</p>
                <a class="button button--wide" href=routes::HOME>{t().login.submit}</a>
            </Card>
        },
        false => view! {
            <Card title=w.invitation_title>{loaded(offer, w.invitation_failed, waiting, show)}</Card>
        },
    }
}

#[component]
fn Offer(offer: Arc<InvitationOfferResponse>) -> impl IntoView {
    let session: Session = expect_context();
    let w = &t().welcome;
    let what = (w.invitation)(&offer.store_name, (w.role)(offer.role));
    let invited = offer.email.clone();
    let answer = move || match session.state() {
        SessionState::SignedIn(me) => match me.email {
            Some(email) if !email.eq_ignore_ascii_case(&invited) => view! {
                <p class="login__detail">{(w.for_another)(&invited, &email)}</p>
            }
            .into_any(),
            _ => view! { <Accept /> }.into_any(),
        },
        SessionState::Unknown => view! { <SkeletonLines lines=2 /> }.into_any(),
        _ => view! { <Join email=invited.clone() /> }.into_any(),
    };
    view! {
        <p class="login__detail">{what}</p>
        {answer}
    }
}

/// Joins, and goes where the store is.
async fn accept(session: Session, router: Router) -> Result<(), api::ApiError> {
    api::auth::accept_invitation(secret()).await?;
    session.changed_account().await;
    router.go(routes::HOME, Leave::Replace);
    Ok(())
}

/// For whoever is signed in.
#[component]
fn Accept() -> impl IntoView {
    let (session, router): (Session, Router) = (expect_context(), expect_context());
    let saving = Task::new();
    view! {
        {move || saving.failure().map(|error| view! { <ErrorNote error /> })}
        <button class="button button--primary button--wide" type="button" disabled=move || saving.is_running()
            on:click=move |_| saving.run(accept(session, router))>
            {t().welcome.accept}
        </button>
    }
}

/// For whoever is not: with an account, or without one.
#[component]
fn Join(email: String) -> impl IntoView {
    let (session, router): (Session, Router) = (expect_context(), expect_context());
    let (w, login) = (&t().welcome, &t().login);
    let (name, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let has_account = RwSignal::new(false);
    let (errors, saving) = (FormErrors::new(), Task::new());
    let address = email.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let (email, password) = (address.clone(), password.get_untracked());
        if has_account.get_untracked() {
            return saving.run(async move {
                api::auth::login(&LoginRequest { email, password }).await?;
                accept(session, router).await
            });
        }
        let request = SignUpRequest {
            email,
            password,
            name: Some(name.get_untracked()).filter(|name| !name.trim().is_empty()),
            invitation: Some(secret()),
        };
        saving.run(async move {
            api::auth::sign_up(&request).await.inspect_err(|error| errors.take(error))?;
            session.changed_account().await;
            router.go(routes::HOME, Leave::Replace);
            Ok(())
        });
    };
    let failure = move || {
        saving.failure().filter(|_| errors.of("").is_none()).map(|error| view! { <ErrorNote error /> })
    };
    let of = move |with: &'static str, without: &'static str| {
        move || if has_account.get() { with } else { without }
    };
    let asks_name = move || {
        (!has_account.get()).then(|| {
            view! {
                <TextField label=w.name value=name pointer="/name" autocomplete="name" errors />
            }
        })
    };
    view! {
        <form class="login__form" on:submit=submit novalidate>
            <dl class="facts"><div class="fact"><dt>{login.email}</dt><dd>{email}</dd></div></dl>
            {asks_name}
            <TextField label=login.password value=password pointer="/password" kind="password"
                autocomplete="current-password" hint=w.password_hint errors />
            {failure}
            <button class="button button--primary button--wide" type="submit" disabled=move || saving.is_running()>
                {of(w.sign_in, w.create)}
            </button>
            <button class="button button--wide" type="button"
                on:click=move |_| has_account.update(|has| *has = !*has)>
                {of(w.has_no_account, w.has_account)}
            </button>
        </form>
    }
}
