//! The API keys of the store.

use std::sync::Arc;

use fanbase_domain::{ids::StoreId, wire::api_keys::ApiKeyResponse};
use leptos::prelude::*;

use super::{
    action,
    key_dialog::{KeyDialog, Making},
    table,
};
use crate::{
    api,
    components::{Badge, Deed, Question, SkeletonLines, Tone, When, asked, loaded},
    i18n::{format, t},
    routes::Section,
    state::{load::Load, store::CurrentStore},
};

#[component]
pub(super) fn KeysSection() -> impl IntoView {
    let (s, store): (_, CurrentStore) = (&t().settings, expect_context());
    let id = store.id();
    let keys = Load::new(move || api::settings::list_api_keys(id));
    let (question, making) = (RwSignal::new(None), RwSignal::new(None::<Making>));
    let list = move |list: Arc<Vec<ApiKeyResponse>>| {
        if list.is_empty() {
            return view! { <p class="content__note">{s.no_keys}</p> }.into_any();
        }
        let now = format::now();
        let rows = list.iter().map(|key| {
            let scopes: Vec<&str> = key.scopes.iter().map(|scope| (s.scope)(*scope)).collect();
            let used =
                key.last_used_at.map_or_else(|| s.never.into_any(), |at| view! { <When at /> }.into_any());
            let ended = key.expires_at.is_some_and(|at| at <= now);
            let expires = key
                .expires_at
                .map_or_else(|| s.never.to_owned(), |at| format::instant(at).unwrap_or_default());
            let end = match key.revoked_at {
                Some(_) => view! { <Badge tone=Tone::Neutral text=s.revoked /> }.into_any(),
                None if ended => view! { <Badge tone=Tone::Neutral text=s.expired /> }.into_any(),
                None => {
                    let (revoked, replaced) = (key.clone(), key.clone());
                    let revoke = Callback::new(move |()| question.set(Some(revoke(&revoked, id, keys))));
                    let replace =
                        Callback::new(move |()| making.set(Some(Making::Successor(replaced.clone()))));
                    view! { {action(s.replace, &key.name, replace)}{action(s.revoke, &key.name, revoke)} }
                        .into_any()
                }
            };
            view! {
                <tr>
                    <th scope="row" class="table__wrap">{key.name.clone()}</th>
                    <td><code>{key.prefix.clone()}"…"</code></td>
                    <td>{scopes.join(", ")}</td>
                    <td>{used}</td>
                    <td>{expires}</td>
                    <td class="table__actions">{end}</td>
                </tr>
            }
        });
        let columns = [s.name, s.key_start, s.scopes, s.last_used, s.expires];
        table((s.section)(Section::ApiKeys), &columns, rows.collect_view()).into_any()
    };
    let close = Callback::new(move |()| making.set(None));
    let waiting = || view! { <SkeletonLines lines=4 /> };
    view! {
        <section class="block">
            <header class="block__head">
                <p class="content__note">{s.keys_detail}</p>
                <button class="button" type="button" on:click=move |_| making.set(Some(Making::New))>{s.new_key}</button>
            </header>
            {loaded(keys, s.failed, waiting, list)}
        </section>
        {asked(question)}
        {move || making.get().map(|making| view! { <KeyDialog making store=id keys close /> })}
    }
}

fn revoke(key: &ApiKeyResponse, store: StoreId, keys: Load<Vec<ApiKeyResponse>>) -> Question {
    let (s, id) = (&t().settings, key.id);
    let deed: Deed = Arc::new(move |_| {
        Box::pin(async move {
            api::settings::revoke_api_key(store, id).await?;
            keys.again();
            Ok(())
        })
    });
    Question {
        title: (s.revoke_title)(&key.name),
        detail: s.revoke_detail.to_owned(),
        name: None,
        confirm: s.revoke,
        destructive: true,
        done: (s.revoke_done)(&key.name),
        deed,
    }
}
