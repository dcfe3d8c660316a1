//! `/store/{store}/imports`: the imports so far, a new one, and what became of one.

use crate::ui::prelude::*;
use fanbase_domain::ids::ImportId;

use crate::{components::PageHeader, i18n::t};

/// The imports so far.
#[component]
pub(crate) fn ImportsPage() -> impl IntoView {
    view! { <PageHeader title=t().frame.imports /> }
}

/// The way from a file to an import.
#[component]
pub(crate) fn NewImportPage() -> impl IntoView {
    view! { <PageHeader title=t().frame.import /> }
}

/// One import: how far it is, and what became of it.
#[component]
pub(crate) fn ImportPage(id: ImportId) -> impl IntoView {
    _ = id;
    view! { <PageHeader title=t().frame.imports /> }
}
