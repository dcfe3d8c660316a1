//! The audit log of the store.

use leptos::prelude::*;

use crate::{api::audit::Log, pages::audit_log::AuditLog, state::store::CurrentStore};

#[component]
pub(super) fn AuditSection() -> impl IntoView {
    view! { <AuditLog log=Log::Store(expect_context::<CurrentStore>().id()) /> }
}
