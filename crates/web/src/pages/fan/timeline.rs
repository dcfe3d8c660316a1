//! What happened to a fan, latest first.

use std::sync::Arc;

use fanbase_domain::{
    ids::CustomerId,
    role::Permission,
    source::Source,
    wire::{
        activities::{ActivityKind, ActivityResponse},
        page::Page,
    },
};
use leptos::prelude::*;

use super::{
    activity::{AddActivity, DeleteActivity},
    details::label,
};
use crate::{
    api,
    components::{SelectField, SkeletonLines, When, asked, loaded},
    i18n::t,
    pages::{
        fans::Fans,
        older::{Fetch, pages},
    },
    state::{activity_group::ActivityGroup, load::Load},
};

#[component]
pub(super) fn Timeline(id: CustomerId, fans: Fans) -> impl IntoView {
    let (f, store) = (&t().fan, fans.store.id());
    let (group, question) = (RwSignal::new(String::new()), RwSignal::new(None));
    let kinds = Memo::new(move |_| -> Vec<ActivityKind> {
        ActivityGroup::parse(&group.read()).into_iter().flat_map(ActivityGroup::kinds).collect()
    });
    let first = Load::new(move || {
        // A change is an event.
        fans.changes.get();
        let kinds = kinds.get();
        async move { api::customers::list_activity(store, id, &kinds, None).await }
    });
    let waiting = || view! { <SkeletonLines lines=3 /> }.into_any();
    let may_edit = fans.store.may(Permission::Edit);
    let show = move |page: Arc<Page<ActivityResponse>>| match page.items.is_empty() {
        true => view! { <p class="panel__note">{f.no_activity}</p> }.into_any(),
        false => {
            let kinds = kinds.get_untracked();
            let fetch: Fetch<ActivityResponse> = Arc::new(move |at| {
                let kinds = kinds.clone();
                Box::pin(async move { api::customers::list_activity(store, id, &kinds, at).await })
            });
            pages(Page::clone(&page), "timeline", fetch, move |event| {
                let delete = (may_edit && event.kind.is_by_hand())
                    .then(|| view! { <DeleteActivity id activity=event.id first question fans /> });
                line(event, delete.map(IntoAny::into_any))
            })
            .into_any()
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
            {asked(question)}
        </section>
    }
}

fn line(event: ActivityResponse, delete: Option<AnyView>) -> AnyView {
    // Where the customer came from who has an account now.
    let source = event.detail.as_deref().filter(|_| event.kind == ActivityKind::AccountLinked);
    let detail = match source.and_then(Source::parse) {
        Some(source) => Some((t().words.source)(source).to_owned()),
        None if event.kind == ActivityKind::Edited => event.detail.as_deref().map(edited),
        None => event.detail,
    };
    view! {
        <li class="event">
            <span class="event__what">{(t().fan.activity)(event.kind)}</span>
            <When at=event.at class="event__when" />
            {detail.map(|detail| view! { <span class="event__detail">{detail}</span> })}
            {delete}
        </li>
    }
    .into_any()
}

/// What the fields are called that were edited, of their codes.
fn edited(codes: &str) -> String {
    let f = &t().fan;
    let name = |code: &str| match code {
        "email" => f.email.to_owned(),
        "first_name" => f.first_name.to_owned(),
        "last_name" => f.last_name.to_owned(),
        "alias" => f.alias.to_owned(),
        "phone" => f.phone.to_owned(),
        "consent" => f.consent.to_owned(),
        "status" => f.status.to_owned(),
        "score" => f.score.to_owned(),
        "tags" => f.tags.to_owned(),
        "attributes" => f.profile.to_owned(),
        other => label(other),
    };
    codes.split(',').map(str::trim).map(name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::edited;

    #[test]
    fn edited_fields_have_names_for_people() {
        assert_eq!(edited("first_name, tags"), "First name, Tags");
        assert_eq!(edited("attributes, favourite_plugin"), "Profile, Favourite plugin");
    }
}
