//! A point in time as how long ago it was, which keeps counting; exactly on hover.

use fanbase_domain::time::Timestamp;
use leptos::prelude::*;

use crate::{
    i18n::{Ago, format, t},
    state::clock::Clock,
};

#[component]
pub(crate) fn When(
    at: Timestamp,
    /// The class of the element.
    #[prop(optional)]
    class: Option<&'static str>,
) -> impl IntoView {
    let clock: Clock = expect_context();
    let text = move || {
        clock.follow();
        (t().words.ago)(Ago::between(at, format::now()))
    };
    view! { <time class=class datetime=at.to_rfc3339() title=format::instant(at)>{text}</time> }
}

/// The same for a closure of a view, which itself follows the clock.
pub(crate) fn ago(at: Timestamp, clock: Clock) -> impl IntoView {
    clock.follow();
    let text = (t().words.ago)(Ago::between(at, format::now()));
    view! { <time datetime=at.to_rfc3339() title=format::instant(at)>{text}</time> }
}
