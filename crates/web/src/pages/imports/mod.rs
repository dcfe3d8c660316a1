//! `/store/{store}/imports`: a new import and those so far; `…/{import}`: the check of a file, its
//! import, and what became of it. The address names the import, so that one can leave and come back.

mod columns;
mod follow;
mod history;
mod plan;
mod problems;
mod report;
mod review;
mod undo;
mod upload;
mod work;

use std::sync::Arc;

use fanbase_domain::{
    ids::ImportId,
    role::Permission,
    wire::imports::{ImportResponse, ImportStatus},
};
use leptos::prelude::*;

use self::{
    follow::Followed, history::History, report::Report, review::Review, upload::DropZone, work::Work,
};
use crate::pages::frame::PageHeader;
use crate::{
    components::{ErrorPanel, Place, Remedy, SkeletonLines},
    i18n::{format, t},
    state::store::CurrentStore,
};

/// The invitation to import, and the imports so far.
#[component]
pub(crate) fn ImportsPage() -> impl IntoView {
    let store: CurrentStore = expect_context();
    let title = format!("{} · {}", t().imports.title, store.get().name);
    let drop_zone = store.may(Permission::Import).then(|| view! { <DropZone /> });
    Effect::new(move || document().set_title(&title));
    view! {
        <PageHeader title=t().imports.title />
        <div class="content">{drop_zone}<History /></div>
    }
}

/// The way from a file to an import.
#[component]
pub(crate) fn NewImportPage() -> impl IntoView {
    Effect::new(move || document().set_title(t().frame.import));
    view! {
        <PageHeader title=t().frame.import />
        <div class="content"><DropZone /></div>
    }
}

/// What the page of an import shows. A change of the numbers alone is no other stage.
#[derive(Clone, PartialEq)]
enum Stage {
    Asking,
    Failed(crate::api::ApiError),
    /// Something is being done.
    Working,
    /// The file was checked, or refused: it is to be decided.
    Deciding,
    /// It is over.
    Done,
}

impl Stage {
    fn of(import: Option<&Result<Arc<ImportResponse>, crate::api::ApiError>>) -> Self {
        match import {
            None => Self::Asking,
            Some(Err(error)) => Self::Failed(error.clone()),
            Some(Ok(import)) if !import.status.is_final() => Self::Working,
            Some(Ok(import)) if import.options.dry_run || import.status == ImportStatus::Failed => {
                Self::Deciding
            }
            Some(Ok(_)) => Self::Done,
        }
    }
}

/// One import: how far it is, and what became of it.
#[component]
pub(crate) fn ImportPage(id: ImportId) -> impl IntoView {
    let followed = Followed::start(expect_context::<CurrentStore>().id(), id);
    let stage = Memo::new(move |_| Stage::of(followed.get().as_ref()));
    let import = move || followed.get().and_then(Result::ok);
    let name = move || import().map(|import| import.file_name.clone()).unwrap_or_default();
    Effect::new(move || document().set_title(&format!("{} · {}", name(), t().imports.title)));
    let content = move || match stage.get() {
        Stage::Asking => view! { <SkeletonLines lines=6 /> }.into_any(),
        Stage::Failed(error) => {
            let remedy = Remedy::Retry(Callback::new(move |()| followed.retry()));
            view! { <ErrorPanel title=t().imports.one_failed error remedy place=Place::Part /> }.into_any()
        }
        Stage::Working => view! { <Work followed /> }.into_any(),
        Stage::Deciding => import().map(|import| view! { <Review import /> }).into_any(),
        Stage::Done => import().map(|import| view! { <Report import followed /> }).into_any(),
    };
    view! {
        <PageHeader title=t().imports.title total=Signal::derive(name) />
        <div class="content">{content}</div>
    }
}

/// A size in bytes, for people.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", format::count(bytes / 1_000)),
        _ => format!("{} MB", format::count(bytes / 1_000_000)),
    }
}
