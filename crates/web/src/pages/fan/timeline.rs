//! What happened to a fan, latest first.

use crate::ui::prelude::*;
use fanbase_domain::{
    ids::CustomerId,
    source::Source,
    wire::{
        activities::{ActivityKind, ActivityResponse},
        page::Page,
    },
};

use super::Person;
use crate::{
    api,
    components::{SkeletonLines, error_text, loaded},
    i18n::{format::Formats, t},
    pages::fans::Fans,
    state::{load::Load, task::Task},
};

#[component]
pub(super) fn Timeline(id: CustomerId, person: Load<Person>, fans: Fans) -> impl IntoView {
    let store = fans.store.id();
    let first = Load::new(move || {
        // A change is an event.
        person.is_pending();
        api::customers::list_activity(store, id, None)
    });
    let waiting = || view! { <SkeletonLines lines=3 /> }.into_any();
    let show = move |page: std::sync::Arc<Page<ActivityResponse>>| match page.items.is_empty() {
        true => view! { <p class="panel__note">{t().fan.no_activity}</p> }.into_any(),
        false => view! { <Events first=(*page).clone() id fans /> }.into_any(),
    };
    view! {
        <section class="panel__section">
            <h3>{t().fan.timeline}</h3>
            {loaded(first, t().fan.timeline, waiting, show)}
        </section>
    }
}

#[component]
fn Events(first: Page<ActivityResponse>, id: CustomerId, fans: Fans) -> impl IntoView {
    let (store, more) = (fans.store.id(), Task::new());
    let cursor = RwSignal::new(first.next_cursor);
    let events = RwSignal::new(first.items);
    let formats = StoredValue::new_local(Formats::new(fans.store.get().currency));
    let older = move |_| {
        let at = cursor.get_untracked();
        more.run(async move {
            let page = api::customers::list_activity(store, id, at).await?;
            cursor.set(page.next_cursor);
            events.update(|events| events.extend(page.items));
            Ok(())
        });
    };
    let event = move |event: ActivityResponse| {
        let (ago, exact) = formats.with_value(|formats| (formats.ago(event.at), formats.instant(event.at)));
        // Where the customer came from who has an account now.
        let source = event.detail.as_deref().filter(|_| event.kind == ActivityKind::AccountLinked);
        let detail = match source.and_then(Source::parse) {
            Some(source) => Some((t().words.source)(source).to_owned()),
            None => event.detail,
        };
        view! {
            <li class="event">
                <span class="event__what">{(t().fan.activity)(event.kind)}</span>
                <time class="event__when" datetime=event.at.to_rfc3339() title=exact>{ago}</time>
                {detail.map(|detail| view! { <span class="event__detail">{detail}</span> })}
            </li>
        }
    };
    view! {
        <ol class="timeline">{each(move || events.get(), |event| event.id.as_u64_pair().into(), event)}</ol>
        {move || more.failure().map(|error| view! { <p class="panel__note">{error_text(&error)}</p> })}
        {move || cursor.read().is_some().then(|| view! {
            <button class="button button--small" type="button" disabled=move || more.is_running() on:click=older>
                {t().fan.older}
            </button>
        })}
    }
}
