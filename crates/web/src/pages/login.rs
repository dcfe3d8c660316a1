//! `/login`: e-mail and password.

use fanbase_domain::wire::auth::LoginRequest;
use leptos::ev::SubmitEvent;
use leptos::{html, prelude::*};

use crate::{
    components::{ErrorNote, Glyph, Icon},
    i18n::t,
    router::{Redirect, Router},
    routes,
    state::{
        session::{Session, SessionState},
        task::Task,
    },
};

/// Shows the form until somebody is signed in, then leads to where they wanted to go.
#[component]
pub(crate) fn LoginPage() -> impl IntoView {
    let session: Session = expect_context();
    let router: Router = expect_context();
    let signed_in = Memo::new(move |_| matches!(session.state(), SessionState::SignedIn(_)));
    let next = move || routes::after_login(&router.address_now().query);
    move || match signed_in.get() {
        true => view! { <Redirect to=next() /> }.into_any(),
        false => view! { <LoginForm /> }.into_any(),
    }
}

#[component]
fn LoginForm() -> impl IntoView {
    let session: Session = expect_context();
    let (email, password) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let sign_in = Task::new();
    let failed = move || sign_in.failure().is_some();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // Read when needed: password managers do not always say that they filled a field.
        if let (Some(email), Some(password)) = (email.get_untracked(), password.get_untracked()) {
            sign_in.run(session.sign_in(LoginRequest { email: email.value(), password: password.value() }));
        }
    };
    let label = move || if sign_in.is_running() { t().login.submitting } else { t().login.submit };
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
                <div id="login-error">{move || sign_in.failure().map(|error| view! { <ErrorNote error /> })}</div>
                <button class="button button--primary button--wide" type="submit"
                    disabled=move || sign_in.is_running() aria-busy=move || sign_in.is_running().to_string()>
                    {label}
                </button>
            </form>
        </main>
    }
}
