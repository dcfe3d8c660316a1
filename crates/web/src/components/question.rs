//! A question in a dialog: for a name, or whether something is meant.

use std::{future::Future, pin::Pin, sync::Arc};

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::{Dialog, DialogActions, ErrorNote, FormErrors, TextField};
use crate::{
    api::ApiError,
    state::{task::Task, toasts::Toasts},
};

/// Something to be done, with what was typed if anything was.
pub(crate) type Deed =
    Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = Result<(), ApiError>>>> + Send + Sync>;

/// What is asked.
#[derive(Clone)]
pub(crate) struct Question {
    pub title: String,
    pub detail: String,
    /// The label of the field and what is in it; a name is asked for.
    pub name: Option<(&'static str, String)>,
    pub confirm: &'static str,
    pub destructive: bool,
    /// What is told when it is done.
    pub done: String,
    pub deed: Deed,
}

/// Asks, as long as there is a question.
pub(crate) fn asked(question: RwSignal<Option<Question>>) -> AnyView {
    let close = Callback::new(move |()| question.set(None));
    (move || question.get().map(|question| view! { <Asking question close /> })).into_any()
}

#[component]
fn Asking(question: Question, close: Callback<()>) -> impl IntoView {
    let Question { title, detail, name, confirm, destructive, done, deed } = question;
    let (toasts, errors, task): (Toasts, _, _) = (expect_context(), FormErrors::new(), Task::new());
    let typed = RwSignal::new(name.as_ref().map(|(_, name)| name.clone()).unwrap_or_default());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let (deed, done) = (deed(typed.get_untracked()), done.clone());
        task.run(async move {
            deed.await.inspect_err(|error| errors.take(error))?;
            toasts.tell(done);
            close.try_run(());
            Ok(())
        });
    };
    // The server's own words about a name point to `/name` or `/label`: anything is about the one field.
    let field = name.map(|(label, _)| view! { <TextField label value=typed pointer="" errors /> });
    let failure = move || {
        let error = task.failure().filter(|_| errors.of("").is_none());
        error.map(|error| view! { <ErrorNote error /> })
    };
    view! {
        <Dialog title on_close=close>
            <form class="dialog__form" on:submit=submit>
                {(!detail.is_empty()).then(|| view! { <p>{detail}</p> })}
                {field}
                {failure}
                <DialogActions on_cancel=close confirm destructive busy=Signal::derive(move || task.is_running()) />
            </form>
        </Dialog>
    }
}
