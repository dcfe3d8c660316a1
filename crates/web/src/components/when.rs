//! A point in time as how long ago it was, which keeps counting; exactly on hover.

use crate::ui::prelude::*;
use fanbase_domain::time::Timestamp;

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
    let ago = move || {
        clock.follow();
        (t().words.ago)(Ago::between(at, format::now()))
    };
    view! { <time class=class datetime=at.to_rfc3339() title=format::instant(at)>{ago}</time> }
}
