//! A list of which more can be fetched: newest first, and a button for older ones.

use std::{future::Future, pin::Pin, sync::Arc};

use fanbase_domain::wire::page::Page;
use leptos::prelude::*;

use crate::{api::ApiError, components::error_text, i18n::t, state::task::Task};

/// A page to come.
type Answer<T> = Pin<Box<dyn Future<Output = Result<Page<T>, ApiError>>>>;
/// Asks for the page of a cursor.
pub(super) type Fetch<T> = Arc<dyn Fn(Option<String>) -> Answer<T> + Send + Sync>;

/// The first page, and a button that adds older ones.
pub(super) fn pages<T: Clone + Send + Sync + 'static>(
    first: Page<T>,
    class: &'static str,
    fetch: Fetch<T>,
    line: impl Fn(T) -> AnyView + Clone + Send + 'static,
) -> AnyView {
    let more = Task::new();
    let cursor = RwSignal::new(first.next_cursor);
    let items = RwSignal::new(first.items);
    let older = move |_| {
        let page = fetch(cursor.get_untracked());
        more.run(async move {
            let page = page.await?;
            cursor.set(page.next_cursor);
            items.update(|items| items.extend(page.items));
            Ok(())
        });
    };
    let older = Callback::new(older);
    let at = move || (0..items.read().len()).collect::<Vec<usize>>();
    let shown =
        move |at: usize| items.read_untracked().get(at).cloned().map(&line).unwrap_or_else(|| ().into_any());
    view! {
        <ol class=class><For each=at key=|at| *at children=shown /></ol>
        {move || more.failure().map(|error| view! { <p class="panel__note">{error_text(&error)}</p> })}
        {move || cursor.read().is_some().then(|| view! {
            <button class="button button--small" type="button" disabled=move || more.is_running()
                on:click=move |_| { older.try_run(()); }>
                {t().components.older}
            </button>
        })}
    }
    .into_any()
}
