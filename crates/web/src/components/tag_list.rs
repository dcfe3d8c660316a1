//! Tags: the first three, and how many more there are.

use crate::ui::prelude::*;

use crate::i18n::{format, t};

/// How many are shown.
const SHOWN: usize = 3;

#[component]
pub(crate) fn TagList(mut tags: Vec<String>) -> impl IntoView {
    let rest = tags.split_off(tags.len().min(SHOWN));
    let more = (!rest.is_empty()).then(|| {
        let names = rest.join(", ");
        view! {
            <span class="tags__more" title=names.clone()>
                <span aria-hidden="true">"+"{format::count(rest.len() as u64)}</span>
                <span class="sr-only">{(t().fans.more_tags)(&names)}</span>
            </span>
        }
    });
    let tags = tags.into_iter().map(|tag| view! { <span class="tag" title=tag.clone()>{tag.clone()}</span> });
    view! { <span class="tags">{tags.collect_view()}{more}</span> }
}
