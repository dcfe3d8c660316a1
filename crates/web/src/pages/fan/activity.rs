//! What people of the store note by hand in a timeline: calls, meetings, e-mails.

use std::sync::Arc;

use fanbase_domain::{
    ids::{ActivityId, CustomerId},
    wire::{
        activities::{ActivityKind, ActivityRequest, ActivityResponse, NewActivity},
        page::Page,
    },
};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::{
    api,
    components::{Deed, ErrorNote, FormErrors, Glyph, Icon, Question, SelectField, TextArea, TextField},
    i18n::{day, format, t},
    pages::fans::Fans,
    state::{load::Load, task::Task},
};

/// The first page of a timeline.
type Timeline = Load<Page<ActivityResponse>>;

#[component]
pub(super) fn AddActivity(id: CustomerId, first: Timeline, fans: Fans) -> impl IntoView {
    let (f, store) = (&t().fan, fans.store.id());
    let (errors, saving) = (FormErrors::new(), Task::new());
    let kind = RwSignal::new(ActivityKind::Call.as_str().to_owned());
    let (text, date) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let request = ActivityRequest {
            kind: ActivityKind::parse(&kind.read_untracked()).unwrap_or(ActivityKind::Other),
            text: text.get_untracked(),
            // Without a date, and today, it is now.
            at: day::start(&date.read_untracked())
                .filter(|_| !day::is_today(&date.read_untracked(), format::now())),
        };
        if let Err(wrong) = NewActivity::try_from(request.clone()) {
            return errors.set(wrong);
        }
        saving.run(async move {
            api::customers::create_activity(store, id, request)
                .await
                .inspect_err(|error| errors.take(error))?;
            // What was typed is kept until it is saved.
            text.set(String::new());
            date.set(String::new());
            first.again();
            Ok(())
        });
    };
    let kinds = ActivityKind::BY_HAND.map(|kind| (kind.as_str().to_owned(), (f.activity)(kind).to_owned()));
    let options = kinds.to_vec();
    view! {
        <details class="add-activity">
            <summary class="link">{f.add_activity}</summary>
            <form class="write-note" on:submit=submit novalidate>
                <SelectField label=f.activity_kind value=kind options />
                <TextArea label=f.activity_text value=text pointer="/text" errors rows=2 />
                <TextField label=f.activity_day value=date pointer="/at" errors kind="date" />
                {move || saving.failure().map(|error| view! { <ErrorNote error /> })}
                <button class="button button--small" type="submit" disabled=move || saving.is_running()>
                    {f.add_activity}
                </button>
            </form>
        </details>
    }
}

#[component]
pub(super) fn DeleteActivity(
    id: CustomerId,
    activity: ActivityId,
    first: Timeline,
    question: RwSignal<Option<Question>>,
    fans: Fans,
) -> impl IntoView {
    let store = fans.store.id();
    let delete = move |_| {
        let deed: Deed = Arc::new(move |_| {
            Box::pin(async move {
                api::customers::delete_activity(store, id, activity).await?;
                first.again();
                Ok(())
            })
        });
        question.set(Some(Question {
            title: t().fan.delete_activity_title.to_owned(),
            detail: t().fan.delete_forever.to_owned(),
            name: None,
            confirm: t().components.delete,
            destructive: true,
            done: t().fan.activity_deleted.to_owned(),
            deed,
        }));
    };
    view! {
        <button class="icon-button" type="button" aria-label=t().fan.delete_activity title=t().fan.delete_activity
            on:click=delete><Icon glyph=Glyph::Trash /></button>
    }
}
