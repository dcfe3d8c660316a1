//! `/store/{store}/settings`: the store, its API keys, fields and tags, and the own account.

use crate::ui::prelude::*;

use crate::{components::PageHeader, i18n::t};

#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    view! { <PageHeader title=t().frame.settings /> }
}
