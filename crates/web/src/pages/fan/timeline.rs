//! What happened to a fan, latest first.

use std::sync::Arc;

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
    components::{SkeletonLines, loaded},
    i18n::{format::Formats, t},
    pages::{
        fans::Fans,
        older::{Fetch, pages},
    },
    state::load::Load,
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
    let formats = StoredValue::new_local(Formats::new(fans.store.get().currency));
    let show = move |page: Arc<Page<ActivityResponse>>| match page.items.is_empty() {
        true => view! { <p class="panel__note">{t().fan.no_activity}</p> },
        false => {
            let fetch: Fetch<ActivityResponse> =
                Arc::new(move |at| Box::pin(api::customers::list_activity(store, id, at)));
            pages(Page::clone(&page), "timeline", fetch, move |event| line(event, formats))
        }
    };
    view! {
        <section class="panel__section">
            <h3>{t().fan.timeline}</h3>
            {loaded(first, t().fan.timeline, waiting, show)}
        </section>
    }
}

fn line(event: ActivityResponse, formats: StoredValue<Formats, LocalStorage>) -> AnyView {
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
}
