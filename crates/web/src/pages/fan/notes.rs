//! What people of the store wrote about a fan.

use std::sync::Arc;

use fanbase_domain::{
    ids::CustomerId,
    role::Permission,
    wire::notes::{NoteRequest, NoteResponse, NoteText},
};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::{
    api,
    components::{
        Deed, ErrorNote, FormErrors, Glyph, Icon, Question, SkeletonLines, TextArea, When, asked, loaded,
    },
    i18n::t,
    pages::fans::Fans,
    state::{load::Load, task::Task},
};

#[component]
pub(super) fn Notes(id: CustomerId, fans: Fans) -> impl IntoView {
    let store = fans.store.id();
    let notes = Load::new(move || api::customers::list_notes(store, id));
    let question = RwSignal::new(None);
    let list = move |list: Arc<Vec<NoteResponse>>| match list.is_empty() {
        true => view! { <p class="panel__note">{t().fan.no_notes}</p> }.into_any(),
        false => {
            let lines =
                list.iter().map(|note| view! { <NoteLine note=note.clone() id notes question fans /> });
            view! { <ul class="notes">{lines.collect_view()}</ul> }.into_any()
        }
    };
    let waiting = || view! { <SkeletonLines lines=2 /> }.into_any();
    view! {
        <section class="panel__section">
            <h3>{t().fan.notes}</h3>
            {fans.store.may(Permission::Edit).then(|| view! { <WriteNote id notes fans /> })}
            {loaded(notes, t().fan.notes, waiting, list)}
            {asked(question)}
        </section>
    }
}

#[component]
fn NoteLine(
    note: NoteResponse,
    id: CustomerId,
    notes: Load<Vec<NoteResponse>>,
    question: RwSignal<Option<Question>>,
    fans: Fans,
) -> impl IntoView {
    let (store, note_id) = (fans.store.id(), note.id);
    // The server made it of Markdown, and safe.
    let html = move || note.html.clone();
    let delete = move |_| {
        let deed: Deed = Arc::new(move |_| {
            Box::pin(async move {
                api::customers::delete_note(store, id, note_id).await?;
                notes.again();
                Ok(())
            })
        });
        question.set(Some(Question {
            title: t().fan.delete_note_title.to_owned(),
            detail: t().fan.delete_forever.to_owned(),
            name: None,
            confirm: t().components.delete,
            destructive: true,
            done: t().fan.note_deleted.to_owned(),
            deed,
        }));
    };
    view! {
        <li class="note">
            <div class="note__text" inner_html=html></div>
            <p class="note__foot">
                <When at=note.created_at />
                {fans.store.may(Permission::Edit).then(|| view! {
                    <button class="icon-button" type="button" aria-label=t().fan.delete_note title=t().fan.delete_note
                        on:click=delete>
                        <Icon glyph=Glyph::Trash />
                    </button>
                })}
            </p>
        </li>
    }
}

#[component]
fn WriteNote(id: CustomerId, notes: Load<Vec<NoteResponse>>, fans: Fans) -> impl IntoView {
    let (errors, writing) = (FormErrors::new(), Task::new());
    let (store, text) = (fans.store.id(), RwSignal::new(String::new()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let request = NoteRequest { text: text.get_untracked() };
        errors.clear();
        if let Err(wrong) = NoteText::try_from(request.clone()) {
            return errors.set(wrong);
        }
        writing.run(async move {
            api::customers::create_note(store, id, request).await.inspect_err(|error| errors.take(error))?;
            // What was typed is kept until it is saved.
            text.set(String::new());
            notes.again();
            Ok(())
        });
    };
    view! {
        <form class="write-note" on:submit=submit>
            <TextArea label=t().fan.note_hint value=text pointer="/text" errors rows=2 />
            {move || writing.failure().map(|error| view! { <ErrorNote error /> })}
            <button class="button button--small" type="submit" disabled=move || writing.is_running()>
                {t().fan.add_note}
            </button>
        </form>
    }
}
