//! Asks before an import is undone, and says what that does.

use std::sync::Arc;

use fanbase_domain::wire::imports::ImportResponse;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::follow::Followed;
use crate::{
    components::{Dialog, DialogActions, ErrorNote},
    i18n::{format, t},
    state::task::Task,
};

#[component]
pub(super) fn UndoDialog(
    import: Arc<ImportResponse>,
    followed: Followed,
    close: Callback<()>,
) -> impl IntoView {
    let (i, undoing) = (&t().imports, Task::new());
    let detail = (i.undo_detail)(&format::count(import.tally.created), &format::count(import.tally.updated));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        followed.undo(undoing, close);
    };
    view! {
        <Dialog title=(i.undo_title)(&import.file_name) on_close=close>
            <form class="dialog__form" on:submit=submit>
                <p>{detail}</p>
                {move || undoing.failure().map(|error| view! { <ErrorNote error /> })}
                <DialogActions on_cancel=close confirm=i.undo_confirm destructive=true
                    busy=Signal::derive(move || undoing.is_running()) />
            </form>
        </Dialog>
    }
}
