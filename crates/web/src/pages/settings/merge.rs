//! Makes one tag of two.

use std::sync::Arc;

use fanbase_domain::{ids::TagId, wire::tags::TagResponse};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::{
    api,
    components::{Dialog, DialogActions, ErrorNote, SelectField},
    i18n::t,
    state::{store::CurrentStore, task::Task, toasts::Toasts},
};

#[component]
pub(super) fn MergeDialog(
    tag: TagResponse,
    others: Arc<Vec<TagResponse>>,
    store: CurrentStore,
    close: Callback<()>,
) -> impl IntoView {
    let (s, toasts, merging): (_, Toasts, _) = (&t().settings, expect_context(), Task::new());
    let others = others.iter().filter(|other| other.id != tag.id);
    let named = |tag: &TagResponse| (s.tag_counted)(&tag.name, tag.customers);
    // None is chosen beforehand: merging cannot be undone.
    let none = (String::new(), s.choose_tag.to_owned());
    let options: Vec<(String, String)> =
        std::iter::once(none).chain(others.map(|other| (other.id.to_string(), named(other)))).collect();
    let into = RwSignal::new(String::new());
    let (id, done) = (tag.id, (s.merged)(&tag.name));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Ok(into) = into.get_untracked().parse::<TagId>() else { return };
        let done = done.clone();
        merging.run(async move {
            api::tags::merge_tag(store.id(), id, into).await?;
            toasts.tell(done);
            close.try_run(());
            store.tags.again();
            Ok(())
        });
    };
    view! {
        <Dialog title=(s.merge_title)(&tag.name) on_close=close>
            <form class="dialog__form" on:submit=submit>
                <p>{(s.merge_detail)(&tag.name, tag.customers)}</p>
                <SelectField label=s.merge_into value=into options />
                {move || merging.failure().map(|error| view! { <ErrorNote error /> })}
                <DialogActions on_cancel=close confirm=s.merge destructive=true
                    busy=Signal::derive(move || merging.is_running())
                    disabled=Signal::derive(move || into.read().is_empty()) />
            </form>
        </Dialog>
    }
}
