//! Asks before something is done to many, and says exactly what.

use std::sync::Arc;

use fanbase_domain::{
    ids::FanId,
    wire::{
        bulk::{Bulk, BulkAction, BulkRequest, BulkResponse},
        fans::FanResponse,
    },
};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::Fans;
use crate::{
    api,
    components::{Dialog, DialogActions, ErrorNote, FormErrors, TagInput, TextField},
    i18n::{format, t},
    state::{task::Task, toasts::Toasts},
};

/// Whom it is about, of the moment when it was asked for: what is selected later does not matter.
#[derive(Clone)]
enum Target {
    /// These, who were picked one by one.
    Picked(Vec<FanId>),
    /// All fans that a query finds.
    Everyone(String),
}

impl Target {
    fn of(fans: Fans) -> Self {
        match fans.table.selection.read_untracked().is_all() {
            true => Self::Everyone(fans.query.read_untracked().everyone(format::now())),
            false => Self::Picked(fans.picked().iter().map(|fan| fan.id).collect()),
        }
    }
}

/// From how many on the number has to be typed before they are deleted.
const MANY: u64 = 100;
/// How many are named who are deleted.
const NAMED: usize = 3;

#[component]
pub(super) fn BulkDialog(
    action: BulkAction,
    asked: RwSignal<Option<BulkAction>>,
    fans: Fans,
) -> impl IntoView {
    let (running, errors) = (Task::new(), FormErrors::new());
    let (tags, typed) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (count, target) = (untrack(|| fans.table.selected()), Target::of(fans));
    let words = (t().fans.fans_counted)(count);
    let title = match action {
        BulkAction::Tag => (t().fans.tag_title)(&words),
        BulkAction::Untag => (t().fans.untag_title)(&words),
        BulkAction::Delete => (t().fans.delete_title)(&words),
    };
    let deletes = action == BulkAction::Delete;
    let asks = deletes && count > MANY;
    // The number may be written as the button writes it, with separators.
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let unsure = move || asks && digits(&typed.read()) != count.to_string();
    let confirm = match action {
        BulkAction::Tag => t().fans.tag.to_owned(),
        BulkAction::Untag => t().fans.untag.to_owned(),
        BulkAction::Delete => (t().fans.delete_confirm)(&words),
    };
    let close = Callback::new(move |()| asked.set(None));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !unsure() {
            run(fans, action, target.clone(), &tags.get_untracked(), count, (running, errors), close);
        }
    };
    let named = names(&fans.picked());
    let hint = if action == BulkAction::Tag { t().fans.tag_names_hint } else { t().fan.tags_hint };
    let known = offered(action, fans);
    let body = move || match (deletes, asks) {
        (false, _) => view! {
            <TagInput label=t().fans.tag_names value=tags known=known pointer="/tags" errors hint=hint />
        }
        .into_any(),
        (true, true) => view! {
            <p>{t().fans.delete_detail}</p>
            <TextField label=(t().fans.delete_typed)(&format::count(count)) value=typed />
        }
        .into_any(),
        (true, false) => view! { <p><b>{named.clone()}</b></p><p>{t().fans.delete_detail}</p> }.into_any(),
    };
    view! {
        <Dialog title on_close=close>
            <form class="dialog__form" on:submit=submit>
                {body()}
                {move || running.failure().map(|error| view! { <ErrorNote error /> })}
                <DialogActions on_cancel=close confirm destructive=deletes
                    busy=Signal::derive(move || running.is_running()) disabled=Signal::derive(unsure) />
            </form>
        </Dialog>
    }
}

/// The tags to choose from: to take away, those that somebody picked has.
fn offered(action: BulkAction, fans: Fans) -> Signal<Vec<String>> {
    let picked = fans.picked();
    if action == BulkAction::Untag && !picked.is_empty() {
        let mut tags: Vec<String> = Vec::new();
        for tag in picked.iter().flat_map(|fan| &fan.tags) {
            if !tags.contains(tag) {
                tags.push(tag.clone());
            }
        }
        return Signal::derive(move || tags.clone());
    }
    Signal::derive(move || fans.store.tag_names())
}

/// Those who were picked, by name: a few of them.
fn names(picked: &[Arc<FanResponse>]) -> String {
    let (named, more) = picked.split_at(picked.len().min(NAMED));
    let named: Vec<&str> = named.iter().map(|fan| fan.name.as_deref().unwrap_or(&fan.email)).collect();
    match more.len() {
        0 => named.join(", "),
        more => (t().fans.and_more)(&named.join(", "), more as u64),
    }
}

/// Checks it with the domain's own rules, and has it done.
fn run(
    fans: Fans,
    action: BulkAction,
    target: Target,
    tags: &str,
    count: u64,
    (running, errors): (Task, FormErrors),
    close: Callback<()>,
) {
    let toasts: Toasts = fans.toasts;
    let tags = tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
    let (ids, query) = match target {
        Target::Picked(ids) => (Some(ids), String::new()),
        Target::Everyone(query) => (None, query),
    };
    let request = BulkRequest { action, tags, ids, expected: Some(count) };
    errors.clear();
    if let Err(wrong) = Bulk::try_from(request.clone()) {
        return errors.set(wrong);
    }
    let store = fans.store.id();
    running.run(async move {
        let done = api::fans::bulk(store, &query, &request).await.inspect_err(|error| errors.take(error))?;
        toasts.tell(report(done));
        close.try_run(());
        if action == BulkAction::Delete {
            fans.table.select_nothing();
        }
        fans.changed();
        Ok(())
    });
}

/// What became of them, in words.
fn report(done: BulkResponse) -> String {
    let count = format::count;
    let mut text = (t().fans.bulk_done)(&count(done.changed), &count(done.matched));
    if done.skipped_accounts > 0 {
        text += &(t().fans.bulk_skipped)(done.skipped_accounts);
    }
    text
}
