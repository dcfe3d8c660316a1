//! `/set-up#…`: the first account of a server, and its store.

use fanbase_domain::{
    store::Creators,
    wire::{auth::SetUpRequest, stores::CreateStoreRequest},
};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::{Card, secret};
use crate::{
    api,
    components::{ErrorNote, FormErrors, TextField},
    i18n::t,
    router::{Leave, Router},
    routes,
    state::{session::Session, task::Task},
};

#[component]
pub(crate) fn SetUpPage() -> impl IntoView {
    let (session, router): (Session, Router) = (expect_context(), expect_context());
    let (w, login) = (&t().welcome, &t().login);
    let text = || RwSignal::new(String::new());
    let (email, password, name, store) = (text(), text(), text(), text());
    let creators = RwSignal::new(Creators::One);
    let (errors, saving) = (FormErrors::new(), Task::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let request = SetUpRequest {
            creators: creators.get_untracked(),
            token: secret(),
            email: email.get_untracked(),
            password: password.get_untracked(),
            name: Some(name.get_untracked()).filter(|name| !name.trim().is_empty()),
            store: CreateStoreRequest {
                slug: slug(&store.get_untracked()),
                name: store.get_untracked(),
                currency: None,
            },
        };
        saving.run(async move {
            api::auth::set_up(&request).await.inspect_err(|error| errors.take(error))?;
            session.changed_account().await;
            router.go(routes::HOME, Leave::Replace);
            Ok(())
        });
    };
    let failure = move || {
        saving.failure().filter(|_| errors.of("").is_none()).map(|error| view! { <ErrorNote error /> })
    };
    view! {
        <Card title=w.set_up_title>
            <p class="login__detail">{w.set_up_detail}</p>
            <form class="login__form" on:submit=submit novalidate>
                <TextField label=w.name value=name pointer="/name" autocomplete="name" errors />
                <TextField label=login.email value=email pointer="/email" kind="email" autocomplete="username"
                    errors />
                <TextField label=login.password value=password pointer="/password" kind="password"
                    autocomplete="new-password" hint=w.password_hint errors />
                <TextField label=w.store value=store pointer="/store" hint=w.store_hint errors />
                <CreatorsQuestion creators />
                {failure}
                <button class="button button--primary button--wide" type="submit"
                    disabled=move || saving.is_running()>
                    {w.set_up}
                </button>
            </form>
        </Card>
    }
}

/// Asks for whom the server is, which decides whose accounts are fans.
#[component]
fn CreatorsQuestion(creators: RwSignal<Creators>) -> impl IntoView {
    let w = &t().welcome;
    let answer = |answer: Creators| {
        view! {
            <label class="check">
                <input type="radio" name="creators" value=answer.as_str()
                    prop:checked=move || creators.get() == answer on:change=move |_| creators.set(answer) />
                <span>{(w.creators)(answer)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="checks">
            <legend class="field__label">{w.creators_question}</legend>
            {Creators::ALL.into_iter().map(answer).collect_view()}
        </fieldset>
    }
}

/// The part of web addresses that a store of this name gets.
fn slug(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    let slug: String = slug.chars().take(60).collect();
    match slug.trim_end_matches('-') {
        slug if slug.len() < 2 && !name.trim().is_empty() => "store".to_owned(),
        slug => slug.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use fanbase_domain::store::is_slug;

    use super::slug;

    #[test]
    fn a_slug_is_made_of_any_name() {
        for (name, expected) in [
            ("Pause Play Repeat", "pause-play-repeat"),
            (" Ava's  Shop! ", "ava-s-shop"),
            ("Студия", "store"),
            ("X", "store"),
        ] {
            assert_eq!(slug(name), expected);
        }
        assert!(is_slug(&slug(&"a b".repeat(40))));
        assert_eq!(slug(" "), "", "the name is missing, which the server says");
    }
}
