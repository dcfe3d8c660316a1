//! Saved views: a search with its filters, order and columns, under a name, for everybody in the
//! store. A view is an address, so choosing one is following a link.

use std::sync::Arc;

use fanbase_domain::{
    ids::StoreId,
    wire::views::{CreateViewRequest, NewView, PatchViewRequest, ViewResponse},
};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::Fans;
use crate::{
    api,
    components::{
        ErrorNote, FormErrors, Glyph, Icon, Popover, Question, SkeletonLines, TextField, asked, error_text,
        loaded,
    },
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
    // Outside of the menu, which closes when the question opens.
    let question = RwSignal::new(None);
    let content = move || view! { <Views question fans /> }.into_any();
    view! {
        <Popover label=t().fans.views class="button button--quiet" role="dialog" trigger=face
            children=content />
        {asked(question)}
    }
}

#[component]
fn Views(question: RwSignal<Option<Question>>, fans: Fans) -> impl IntoView {
    let id = fans.store.id();
    let views = Load::new(move || api::views::list_views(id));
    let list = move |list: Arc<Vec<ViewResponse>>| match list.is_empty() {
        true => view! { <p class="menu__note">{t().fans.no_views}</p> }.into_any(),
        false => {
            let lines = list.iter().cloned().map(|saved| view! { <ViewLine saved views question fans /> });
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
fn ViewLine(
    saved: ViewResponse,
    views: Load<Vec<ViewResponse>>,
    question: RwSignal<Option<Question>>,
    fans: Fans,
) -> impl IntoView {
    let toasts: Toasts = expect_context();
    let (store, id) = (fans.store.id(), saved.id);
    let (name, deleted) = (saved.name.clone(), saved.clone());
    // Read and written again, so that what it does not know does not matter.
    let query = FansQuery::parse(fans.audience(), &saved.query);
    let href = routes::fans(&fans.store.slug(), &query);
    let is_shown = Memo::new(move |_| *fans.query.read() == query);
    // The menu may be closed by then.
    let done = move |answer: Result<(), _>, text: String| match answer {
        Ok(()) => {
            views.again();
            toasts.tell(text);
        }
        Err(error) => toasts.warn(error_text(&error)),
    };
    let delete = move |_| question.set(Some(deletion(&deleted, store)));
    let update = Callback::new(move |()| {
        let query = Some(Some(fans.query_with_look().to_url()));
        let request = PatchViewRequest { name: None, query };
        let text = (t().fans.view_saved)(&name);
        task::spawn(async move { done(api::views::patch_view(store, id, request).await.map(|_| ()), text) });
    });
    let other = move || {
        (!is_shown.get()).then(|| {
            view! {
                <button class="icon-button" type="button" aria-label=t().fans.update_view title=t().fans.update_view
                    on:click=move |_| { update.try_run(()); }><Icon glyph=Glyph::Edit /></button>
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

fn deletion(view: &ViewResponse, store: StoreId) -> Question {
    let (f, id) = (&t().fans, view.id);
    Question {
        title: (f.delete_view_title)(&view.name),
        detail: f.delete_view_detail.to_owned(),
        name: None,
        confirm: t().components.delete,
        destructive: true,
        done: (f.view_deleted)(&view.name),
        deed: Arc::new(move |_| Box::pin(api::views::delete_view(store, id))),
    }
}

/// Saves what is shown under a name.
#[component]
fn SaveView(views: Load<Vec<ViewResponse>>, fans: Fans) -> impl IntoView {
    let (toasts, errors, saving): (Toasts, _, _) = (expect_context(), FormErrors::new(), Task::new());
    let (store, name) = (fans.store.id(), RwSignal::new(String::new()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let query = fans.query_with_look().to_url();
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
