//! `/store/{store}`: the audience at a glance.

use crate::ui::prelude::*;

use crate::{components::PageHeader, i18n::t};

#[component]
pub(crate) fn OverviewPage() -> impl IntoView {
    view! { <PageHeader title=t().frame.overview /> }
}
