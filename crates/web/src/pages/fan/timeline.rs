//! What happened to a fan, latest first.

use std::sync::Arc;

use crate::ui::prelude::*;
use fanbase_domain::{
    ids::CustomerId,
    role::Permission,
    source::Source,
    wire::{
        activities::{ActivityKind, ActivityResponse},
        page::Page,
    },
};

use super::{
    Person,
    activity::{AddActivity, DeleteActivity},
};
use crate::{
    api,
    components::{SelectField, SkeletonLines, loaded},
    i18n::{format::Formats, t},
    pages::{
        fans::Fans,
        older::{Fetch, pages},
    },
    state::{activity_group::ActivityGroup, load::Load},
};

#[component]
pub(super) fn Timeline(id: CustomerId, person: Load<Person>, fans: Fans) -> impl IntoView {
    let (f, store) = (&t().fan, fans.store.id());
    let group = RwSignal::new(String::new());
    let kinds = Memo::new(move || -> Vec<ActivityKind> {
        ActivityGroup::parse(&group.read()).into_iter().flat_map(ActivityGroup::kinds).collect()
    });
    let first = Load::new(move || {
        // A change is an event.
        person.is_pending();
        let kinds = kinds.get();
        async move { api::customers::list_activity(store, id, &kinds, None).await }
    });
    let waiting = || view! { <SkeletonLines lines=3 /> }.into_any();
    let formats = StoredValue::new_local(Formats::new(fans.store.get().currency));
    let may_edit = fans.store.may(Permission::Edit);
    let show = move |page: Arc<Page<ActivityResponse>>| match page.items.is_empty() {
        true => view! { <p class="panel__note">{f.no_activity}</p> },
        false => {
            let kinds = kinds.get_untracked();
            let fetch: Fetch<ActivityResponse> = Arc::new(move |at| {
                let kinds = kinds.clone();
                Box::pin(async move { api::customers::list_activity(store, id, &kinds, at).await })
            });
            pages(Page::clone(&page), "timeline", fetch, move |event| {
                let delete = (may_edit && event.kind.is_by_hand())
                    .then(|| view! { <DeleteActivity id activity=event.id first fans /> });
                line(event, formats, delete)
            })
        }
    };
    let any = (String::new(), f.all_kinds.to_owned());
    let groups = ActivityGroup::ALL.map(|group| (group.as_str().to_owned(), (f.kinds)(group).to_owned()));
    let options = std::iter::once(any).chain(groups).collect();
    view! {
        <section class="panel__section">
            <h3>{f.timeline}</h3>
            <div class="timeline-tools">
                {may_edit.then(|| view! { <AddActivity id first fans /> })}
                <SelectField label=f.show_kinds value=group options />
            </div>
            {loaded(first, f.timeline, waiting, show)}
        </section>
    }
}

fn line(
    event: ActivityResponse,
    formats: StoredValue<Formats, LocalStorage>,
    delete: Option<AnyView>,
) -> AnyView {
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
            {delete}
        </li>
    }
}
