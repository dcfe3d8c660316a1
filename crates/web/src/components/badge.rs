//! What a fan is to the store, as a coloured word.

use fanbase_domain::fan::FanType;
use leptos::prelude::*;

use crate::i18n::t;

/// The badge of a fan's type: green, blue, purple or gray by `badge.css`.
#[component]
pub(crate) fn TypeBadge(kind: FanType) -> impl IntoView {
    view! { <span class="badge" data-type=kind.as_str()>{(t().fan_type)(kind)}</span> }
}
