//! Makes an API key, or the successor of one, and shows its secret: once.

use fanbase_domain::{
    ids::StoreId,
    time::Timestamp,
    wire::api_keys::{ApiKeyResponse, CreateApiKeyRequest, NewApiKey, Scope},
};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::{
    api,
    components::{CopyButton, Dialog, DialogActions, ErrorNote, FormErrors, SelectField, TextField},
    i18n::{format, t},
    state::{load::Load, task::Task},
};

/// For how long a key may be used, in days; for ever by default.
const LIVES: [u32; 4] = [0, 30, 90, 365];
/// For how long a key goes on working beside its successor, in hours.
const OVERLAPS: [u32; 4] = [0, 1, 24, 168];
const HOUR: i64 = 3_600_000;

/// What is made.
#[derive(Clone, PartialEq)]
pub(super) enum Making {
    /// A new key.
    New,
    /// The successor of a key.
    Successor(ApiKeyResponse),
}

#[component]
pub(super) fn KeyDialog(
    making: Making,
    store: StoreId,
    keys: Load<Vec<ApiKeyResponse>>,
    close: Callback<()>,
) -> impl IntoView {
    let s = &t().settings;
    let (creating, secret) = (Task::new(), RwSignal::new(None::<String>));
    let title = match &making {
        Making::New => s.new_key.to_owned(),
        Making::Successor(key) => (s.replace_title)(&key.name),
    };
    let content = move || match (secret.get(), making.clone()) {
        (Some(secret), _) => view! { <Secret secret close /> }.into_any(),
        (None, Making::New) => view! { <Form store keys creating secret close /> }.into_any(),
        (None, Making::Successor(key)) => {
            view! { <Successor key store keys creating secret close /> }.into_any()
        }
    };
    view! { <Dialog title on_close=close held=Signal::derive(move || creating.is_running())>{content}</Dialog> }
}

#[component]
fn Successor(
    key: ApiKeyResponse,
    store: StoreId,
    keys: Load<Vec<ApiKeyResponse>>,
    creating: Task,
    secret: RwSignal<Option<String>>,
    close: Callback<()>,
) -> impl IntoView {
    let s = &t().settings;
    let overlap = RwSignal::new("24".to_owned());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let hours = overlap.read_untracked().parse().unwrap_or_default();
        creating.run(async move {
            let created = api::settings::rotate_api_key(store, key.id, hours).await?;
            keys.again();
            secret.set(Some(created.secret));
            Ok(())
        });
    };
    let options = OVERLAPS.map(|hours| (hours.to_string(), (s.overlap_hours)(hours))).to_vec();
    view! {
        <form class="dialog__form" on:submit=submit>
            <p>{s.replace_detail}</p>
            <SelectField label=s.overlap value=overlap options />
            {move || creating.failure().map(|error| view! { <ErrorNote error /> })}
            <DialogActions on_cancel=close confirm=s.replace busy=Signal::derive(move || creating.is_running()) />
        </form>
    }
}

#[component]
fn Form(
    store: StoreId,
    keys: Load<Vec<ApiKeyResponse>>,
    creating: Task,
    secret: RwSignal<Option<String>>,
    close: Callback<()>,
) -> impl IntoView {
    let (s, errors) = (&t().settings, FormErrors::new());
    let name = RwSignal::new(String::new());
    let chosen = RwSignal::new(vec![Scope::FansRead]);
    let life = RwSignal::new("0".to_owned());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let request = CreateApiKeyRequest {
            name: name.get_untracked(),
            scopes: chosen.get_untracked(),
            expires_at: expiry(&life.read_untracked()),
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
    let lives = LIVES.map(|days| (days.to_string(), (s.life)(days))).to_vec();
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
            <SelectField label=s.expires value=life options=lives />
            {move || creating.failure().map(|error| view! { <ErrorNote error /> })}
            <DialogActions on_cancel=close confirm=s.create busy=Signal::derive(move || creating.is_running()) />
        </form>
    }
}

/// When a key of so many days ends; never when it is 0.
fn expiry(days: &str) -> Option<Timestamp> {
    let days = days.parse::<i64>().ok().filter(|days| *days > 0)?;
    Some(Timestamp::from_millis(format::now().millis() + days * 24 * HOUR))
}

#[component]
fn Secret(secret: String, close: Callback<()>) -> impl IntoView {
    let s = &t().settings;
    view! {
        <div class="dialog__form">
            <p role="status">{s.secret}</p>
            <p class="secret"><code>{secret.clone()}</code><CopyButton text=secret label=s.copy_secret /></p>
            <footer class="dialog__actions">
                <button class="button button--primary" type="button" on:click=move |_| { close.try_run(()); }>{s.done}</button>
            </footer>
        </div>
    }
}
