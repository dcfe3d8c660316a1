//! `/admin/webhook-events`: what Clerk and Stripe sent, what became of it, and a way to try again.

use std::sync::Arc;

use fanbase_domain::wire::{
    page::Page,
    webhooks::{WebhookEventResponse, WebhookEventStatus},
};
use leptos::prelude::*;

use crate::pages::frame::PageHeader;
use crate::{
    api::{self, ApiError},
    components::{Badge, SelectField, SkeletonLines, Tone, When, error_text, loaded},
    i18n::t,
    pages::older::{Fetch, pages},
    state::{load::Load, query_string, task::Task, toasts::Toasts},
};

#[component]
pub(super) fn EventsPage() -> impl IntoView {
    Effect::new(move || document().set_title(t().frame.events_long));
    let e = &t().events;
    let status = RwSignal::new(String::new());
    let fetch = move |status: String, cursor: Option<String>| async move {
        let pairs = [("status", status.as_str()), ("cursor", cursor.as_deref().unwrap_or_default())];
        let pairs = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        api::admin::list_webhook_events(&query_string::encode(pairs)).await
    };
    let first = Load::new(move || fetch(status.get(), None));
    let show = move |page: Arc<Page<WebhookEventResponse>>| match page.items.is_empty() {
        true => view! { <p class="content__note">{e.nothing}</p> }.into_any(),
        false => {
            let status = status.get_untracked();
            let older: Fetch<WebhookEventResponse> = Arc::new(move |at| Box::pin(fetch(status.clone(), at)));
            pages(Page::clone(&page), "facts-list", older, move |event| view! { <Event event /> }.into_any())
        }
    };
    let any = (String::new(), e.any_status.to_owned());
    let statuses =
        WebhookEventStatus::ALL.iter().map(|one| (one.as_str().to_owned(), (e.status)(*one).to_owned()));
    let options = std::iter::once(any).chain(statuses).collect();
    view! {
        <PageHeader title=t().frame.events />
        <div class="content content--wide">
            <section class="block">
                <p class="content__note">{e.detail}</p>
                <div class="audit__filter"><SelectField label=e.outcome value=status options /></div>
                {loaded(first, e.failed, || view! { <SkeletonLines lines=8 /> }.into_any(), show)}
            </section>
        </div>
    }
}

/// An event, which is shown as it has become once it is tried again.
#[component]
fn Event(event: WebhookEventResponse) -> impl IntoView {
    let shown = RwSignal::new(event);
    let (e, trying, toasts): (_, _, Toasts) = (&t().events, Task::new(), expect_context());
    let again = move |_| {
        let event = shown.get_untracked();
        trying.run(async move {
            let now = api::admin::replay_webhook_event(event.source, &event.id)
                .await
                .inspect_err(|error: &ApiError| toasts.warn(error_text(error)))?;
            toasts.tell((e.replayed)(now.status));
            shown.set(now);
            Ok(())
        });
    };
    let face = move || {
        let event = shown.get();
        let tone = match event.status {
            WebhookEventStatus::Processed => Tone::Good,
            WebhookEventStatus::Ignored => Tone::Neutral,
            WebhookEventStatus::Failed => Tone::Bad,
        };
        let tried = (event.attempts > 1).then(|| (e.attempts)(event.attempts));
        let notes = [Some(event.source.to_string()), event.subject.clone(), tried, event.error.clone()];
        let notes: Vec<String> = notes.into_iter().flatten().collect();
        let retry = event.has_payload.then(|| {
            view! {
                <button class="button button--small" type="button" disabled=move || trying.is_running() on:click=again>
                    {e.replay}
                </button>
            }
        });
        view! {
            <span class="fact-line__title">{event.r#type.clone()}</span>
            <span class="fact-line__beside">
                <Badge tone text=(e.status)(event.status) />
                <When at=event.received_at />
                {retry}
            </span>
            <small class="fact-line__note">{notes.join(" · ")}</small>
        }
    };
    view! { <li class="fact-line">{face}</li> }
}
