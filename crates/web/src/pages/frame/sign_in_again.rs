//! The question for the password when the session has ended, over the page as it is: what was asked
//! of the server meanwhile waits for the answer.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::{
    components::{Dialog, ErrorNote, TextField},
    i18n::t,
    state::{session::Session, task::Task},
};

#[component]
pub(super) fn SignInAgain(email: String) -> impl IntoView {
    let session: Session = expect_context();
    move || session.has_ended().then(|| view! { <Question email=email.clone() session /> })
}

#[component]
fn Question(email: String, session: Session) -> impl IntoView {
    let l = &t().login;
    let (password, task) = (RwSignal::new(String::new()), Task::new());
    let leave = Callback::new(move |()| session.give_up());
    let detail = (l.again_detail)(&email);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (email, password) = (email.clone(), password.get_untracked());
        task.run(session.sign_in_again(email, password));
    };
    view! {
        <Dialog title=l.again on_close=leave held=Signal::derive(|| true)>
            <form class="dialog__form" on:submit=submit>
                <p>{detail}</p>
                <TextField label=l.password value=password kind="password" autocomplete="current-password" required=true />
                {move || task.failure().map(|error| view! { <ErrorNote error /> })}
                <footer class="dialog__actions">
                    <button class="button" type="button" on:click=move |_| { leave.try_run(()); }>{l.another}</button>
                    <button class="button button--primary" type="submit" disabled=move || task.is_running()
                        aria-busy=move || task.is_running().to_string()>
                        {l.submit}
                    </button>
                </footer>
            </form>
        </Dialog>
    }
}
