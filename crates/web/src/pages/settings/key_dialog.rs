//! Makes an API key, and shows its secret: once.

use crate::ui::prelude::*;
use fanbase_domain::{
    ids::StoreId,
    wire::api_keys::{ApiKeyResponse, CreateApiKeyRequest, NewApiKey, Scope},
};
use leptos::ev::SubmitEvent;

use crate::{
    api,
    components::{CopyButton, Dialog, DialogActions, ErrorNote, FormErrors, TextField},
    i18n::t,
    state::{load::Load, task::Task},
};

#[component]
pub(super) fn KeyDialog(
    store: StoreId,
    keys: Load<Vec<ApiKeyResponse>>,
    close: Callback<()>,
) -> impl IntoView {
    let secret = RwSignal::new(None::<String>);
    let content = move || match secret.get() {
        Some(secret) => view! { <Secret secret close /> },
        None => view! { <Form store keys secret close /> },
    };
    view! { <Dialog title=t().settings.new_key on_close=close>{content}</Dialog> }
}

#[component]
fn Form(
    store: StoreId,
    keys: Load<Vec<ApiKeyResponse>>,
    secret: RwSignal<Option<String>>,
    close: Callback<()>,
) -> impl IntoView {
    let (s, errors, creating) = (&t().settings, FormErrors::new(), Task::new());
    let name = RwSignal::new(String::new());
    let chosen = RwSignal::new(vec![Scope::FansRead]);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let request = CreateApiKeyRequest {
            name: name.get_untracked(),
            scopes: chosen.get_untracked(),
            expires_at: None,
        };
        if let Err(wrong) = NewApiKey::try_from(request.clone()) {
            return errors.set(wrong);
        }
        creating.run(async move {
            let created = api::settings::create_api_key(store, request).await?;
            keys.again();
            secret.set(Some(created.secret));
            Ok(())
        });
    };
    let scopes = Scope::ALL.map(|scope| {
        let change = move |_| {
            chosen.update(|chosen| match chosen.iter().position(|one| *one == scope) {
                Some(at) => _ = chosen.remove(at),
                None => chosen.push(scope),
            });
        };
        view! {
            <label class="check">
                <input type="checkbox" prop:checked=move || chosen.read().contains(&scope) on:change=change />
                <span>{(s.scope)(scope)}" "<code>{scope.as_str()}</code></span>
            </label>
        }
    });
    view! {
        <form class="dialog__form" on:submit=submit novalidate>
            <TextField label=s.key_name value=name pointer="/name" hint=s.key_name_hint errors />
            <fieldset class="checks">
                <legend class="field__label">{s.scopes}</legend>
                {scopes.into_iter().collect_view()}
                {move || errors.of("/scopes").map(|wrong| view! { <p class="field__note" data-bad="" role="alert">{wrong}</p> })}
            </fieldset>
            {move || creating.failure().map(|error| view! { <ErrorNote error /> })}
            <DialogActions on_cancel=close confirm=s.create busy=Signal::derive(move || creating.is_running()) />
        </form>
    }
}

#[component]
fn Secret(secret: String, close: Callback<()>) -> impl IntoView {
    let s = &t().settings;
    view! {
        <div class="dialog__form">
            <p role="status">{s.secret}</p>
            <p class="secret"><code>{secret.clone()}</code><CopyButton text=secret label=s.copy_secret /></p>
            <footer class="dialog__actions">
                <button class="button button--primary" type="button" on:click=move |_| close.run(())>{s.done}</button>
            </footer>
        </div>
    }
}
