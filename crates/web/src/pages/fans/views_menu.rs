//! Saved views: a search with its filters, order and columns, under a name, for everybody in the
//! store. A view is an address, so choosing one is following a link.

use std::sync::Arc;

use crate::ui::prelude::*;
use fanbase_domain::wire::views::{CreateViewRequest, NewView, PatchViewRequest, ViewResponse};
use leptos::ev::SubmitEvent;

use super::Fans;
use crate::{
    api,
    components::{ErrorNote, FormErrors, Glyph, Icon, Popover, SkeletonLines, TextField, error_text, loaded},
    i18n::t,
    routes,
    state::{
        fans_query::FansQuery,
        load::Load,
        task::{self, Task},
        toasts::Toasts,
    },
};

#[component]
pub(super) fn ViewsMenu() -> impl IntoView {
    let fans: Fans = expect_context();
    let face = || view! { <Icon glyph=Glyph::Views /><span class="button__label">{t().fans.views}</span> };
    let content = move || view! { <Views fans /> }.into_any();
    view! {
        <Popover label=t().fans.views class="button button--quiet" role="dialog" trigger=Arc::new(face)
            children=Arc::new(content) />
    }
}

#[component]
fn Views(fans: Fans) -> impl IntoView {
    let id = fans.store.id();
    let views = Load::new(move || api::views::list_views(id));
    let list = move |list: Arc<Vec<ViewResponse>>| match list.is_empty() {
        true => view! { <p class="menu__note">{t().fans.no_views}</p> }.into_any(),
        false => {
            let lines = list.iter().cloned().map(|saved| view! { <ViewLine saved views fans /> });
            lines.collect_view().into_any()
        }
    };
    let waiting = || view! { <SkeletonLines lines=2 /> }.into_any();
    view! {
        <div class="choices">{loaded(views, t().fans.views, waiting, list)}</div>
        <SaveView views fans />
    }
}

/// A view: a link, and the ways to change and to delete it.
#[component]
fn ViewLine(saved: ViewResponse, views: Load<Vec<ViewResponse>>, fans: Fans) -> impl IntoView {
    let toasts: Toasts = expect_context();
    let (store, id) = (fans.store.id(), saved.id);
    let name = StoredValue::new(saved.name.clone());
    // Read and written again, so that what it does not know does not matter.
    let query = FansQuery::parse(fans.audience(), &saved.query);
    let href = routes::fans(&fans.store.slug(), &query);
    let is_shown = Memo::new(move || *fans.query.read() == query);
    let done = move |answer: Result<(), _>, text: fn(&str) -> String| match answer {
        Ok(()) => {
            views.again();
            toasts.tell(text(&name.get_value()));
        }
        Err(error) => toasts.warn(error_text(&error)),
    };
    let delete = move |_| {
        task::spawn(async move { done(api::views::delete_view(store, id).await, t().fans.view_deleted) });
    };
    let update = move |_| {
        let query = Some(Some(fans.query.read_untracked().to_url()));
        let request = PatchViewRequest { name: None, query };
        task::spawn(async move {
            done(api::views::patch_view(store, id, request).await.map(|_| ()), t().fans.view_saved);
        });
    };
    let other = move || {
        (!is_shown.get()).then(|| {
            view! {
                <button class="icon-button" type="button" aria-label=t().fans.update_view title=t().fans.update_view
                    on:click=update><Icon glyph=Glyph::Download /></button>
            }
        })
    };
    view! {
        <div class="view-line">
            <a class="choice" href=href data-close="" aria-current=move || is_shown.get().then_some("true")>
                <span class="choice__label">{saved.name.clone()}</span>
                {move || is_shown.get().then(|| view! { <Icon glyph=Glyph::Check /> })}
            </a>
            {other}
            <button class="icon-button" type="button" aria-label=(t().fans.delete_view)(&saved.name) on:click=delete>
                <Icon glyph=Glyph::Trash />
            </button>
        </div>
    }
}

/// Saves what is shown under a name.
#[component]
fn SaveView(views: Load<Vec<ViewResponse>>, fans: Fans) -> impl IntoView {
    let (toasts, errors, saving): (Toasts, _, _) = (expect_context(), FormErrors::new(), Task::new());
    let (store, name) = (fans.store.id(), RwSignal::new(String::new()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let query = fans.query.read_untracked().to_url();
        let request = CreateViewRequest { name: name.get_untracked(), query };
        errors.clear();
        if let Err(wrong) = NewView::try_from(request.clone()) {
            return errors.set(wrong);
        }
        saving.run(async move {
            let saved =
                api::views::create_view(store, request).await.inspect_err(|error| errors.take(error))?;
            toasts.tell((t().fans.view_saved)(&saved.name));
            name.set(String::new());
            views.again();
            Ok(())
        });
    };
    view! {
        <form class="range" on:submit=submit>
            <TextField label=t().fans.view_name value=name pointer="/name" errors />
            {move || saving.failure().map(|error| view! { <ErrorNote error /> })}
            <button class="button button--primary" type="submit" disabled=move || saving.is_running()>
                {t().fans.save_view}
            </button>
        </form>
    }
}
