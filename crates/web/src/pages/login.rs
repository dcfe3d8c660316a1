//! `/login`: e-mail and password.

use fanbase_domain::wire::auth::LoginRequest;
use leptos::{ev::SubmitEvent, html, prelude::*};

use crate::{
    api::ApiError,
    components::{Glyph, Icon, error_text},
    i18n::t,
    router::{Redirect, Router},
    routes,
    state::session::{Session, SessionState},
};

/// Shows the form until somebody is signed in, then leads to where they wanted to go.
#[component]
pub(crate) fn LoginPage() -> impl IntoView {
    let session: Session = expect_context();
    let address = expect_context::<Router>().address();
    let signed_in = Memo::new(move |_| matches!(session.state(), SessionState::SignedIn(_)));
    let next = move || routes::after_login(&address.read_untracked().query);
    view! {
        <div class="page-root">
            <Show when=move || signed_in.get() fallback=LoginForm>
                <Redirect to=next() />
            </Show>
        </div>
    }
}

#[component]
fn LoginForm() -> impl IntoView {
    let session: Session = expect_context();
    let (email, password) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let sign_in = Action::new_local(move |request: &LoginRequest| {
        let request = request.clone();
        async move { session.sign_in(request).await }
    });
    let pending = sign_in.pending();
    let failure = move || sign_in.value().get().and_then(Result::err).filter(|_| !pending.get());
    let failed = move || failure().is_some();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // Read when needed: password managers do not always say that they filled a field.
        if let (Some(email), Some(password)) = (email.get_untracked(), password.get_untracked())
            && !pending.get_untracked()
        {
            sign_in.dispatch_local(LoginRequest { email: email.value(), password: password.value() });
        }
    };
    let label = move || if pending.get() { t().login.submitting } else { t().login.submit };
    Effect::new(move || document().set_title(t().login.title));
    view! {
        <main class="login">
            <form class="login__card" on:submit=submit>
                <span class="logo logo--large"><Icon glyph=Glyph::Brand /></span>
                <h1 class="login__title">{t().login.title}</h1>
                <label class="field">
                    <span class="field__label">{t().login.email}</span>
                    <input class="field__input" node_ref=email type="email" name="email" autocomplete="username"
                        required autofocus aria-invalid=move || failed().to_string()
                        aria-describedby="login-error" />
                </label>
                <label class="field">
                    <span class="field__label">{t().login.password}</span>
                    <input class="field__input" node_ref=password type="password" name="password"
                        autocomplete="current-password" required aria-invalid=move || failed().to_string()
                        aria-describedby="login-error" />
                </label>
                <div id="login-error" role="alert">{move || failure().map(|error| view! { <Failure error /> })}</div>
                <button class="button button--primary button--wide" type="submit" disabled=pending
                    aria-busy=move || pending.get().to_string()>
                    {label}
                </button>
            </form>
        </main>
    }
}

#[component]
fn Failure(error: ApiError) -> impl IntoView {
    view! { <p class="notice"><Icon glyph=Glyph::Alert /><span>{error_text(&error)}</span></p> }
}
