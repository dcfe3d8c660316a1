//! The store itself.

use fanbase_domain::{
    problem::ProblemCode,
    wire::stores::{PatchStoreRequest, StorePatch},
};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::{
    api,
    components::{ErrorNote, FormErrors, TextField},
    i18n::t,
    state::{session::Session, store::CurrentStore, task::Task, toasts::Toasts},
};

#[component]
pub(super) fn StoreSection() -> impl IntoView {
    let (s, current) = (&t().settings, expect_context::<CurrentStore>());
    let store = current.get();
    let (session, toasts): (Session, Toasts) = (expect_context(), expect_context());
    let shows_accounts = RwSignal::new(store.shows_accounts);
    let idle_days = RwSignal::new(store.idle_days.to_string());
    let (name, errors, saving) = (RwSignal::new(store.name), FormErrors::new(), Task::new());
    let outdated = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let request = PatchStoreRequest {
            name: Some(Some(name.get_untracked())),
            shows_accounts: Some(Some(shows_accounts.get_untracked())),
            idle_days: Some(Some(idle_days.get_untracked().trim().parse().unwrap_or_default())),
            ..PatchStoreRequest::default()
        };
        if let Err(wrong) = StorePatch::try_from(request.clone()) {
            return errors.set(wrong);
        }
        outdated.set(false);
        let version = current.get().version;
        saving.run(async move {
            let patched = api::settings::patch_store(store.id, request, version).await;
            if patched.as_ref().is_err_and(|error| error.code() == Some(ProblemCode::VersionMismatch)) {
                // What was typed stays; saving it again is a decision about what is there now.
                session.refresh().await;
                outdated.set(true);
                return Ok(());
            }
            patched?;
            toasts.tell(s.saved);
            // The name stands in the frame too, and accounts may be listed that were not.
            session.refresh().await;
            current.counts.again();
            Ok(())
        });
    };
    view! {
        <form class="settings" on:submit=submit novalidate>
            <TextField label=s.name value=name pointer="/name" errors />
            <TextField label=s.idle_days value=idle_days pointer="/idle_days" errors kind="number"
                hint=s.idle_days_hint />
            <label class="check">
                <input type="checkbox" prop:checked=move || shows_accounts.get()
                    on:change=move |_| shows_accounts.update(|shows| *shows = !*shows) />
                <span>{s.shows_accounts}</span>
            </label>
            <dl class="facts">
                <div class="fact"><dt>{s.slug}</dt><dd><code>{store.slug}</code></dd></div>
                <div class="fact"><dt>{s.currency}</dt><dd>{store.currency.to_string()}</dd></div>
            </dl>
            <p class="field__note">{s.fixed}</p>
            {move || outdated.get().then(|| view! { <p class="notice" role="alert">{s.outdated}</p> })}
            {move || saving.failure().map(|error| view! { <ErrorNote error /> })}
            <button class="button button--primary" type="submit" disabled=move || saving.is_running()
                aria-busy=move || saving.is_running().to_string()>{t().components.save}</button>
        </form>
    }
}
