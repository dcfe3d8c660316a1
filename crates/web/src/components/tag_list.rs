//! Tags: the first ones, as many as can be read in a line, and how many more there are.

use leptos::prelude::*;

use crate::i18n::{format, t};

/// Most that are shown.
const MOST: usize = 3;
/// How much room they have together, and what a letter and the frame of a tag take, in tenths of a pixel: a
/// little more than they do on average. The style sheet cuts only a first tag that is too long by itself.
const ROOM: usize = 1_480;
const LETTER: usize = 62;
const FRAME: usize = 180;

/// How many are shown: none that would have to be cut, but the first in any case.
fn shown(tags: &[String]) -> usize {
    let mut left = ROOM;
    let fits = |tag: &&String| {
        let width = FRAME + LETTER * tag.chars().count();
        let fits = width <= left;
        left = left.saturating_sub(width);
        fits
    };
    tags.iter().take(MOST).take_while(fits).count().max(1).min(tags.len())
}

#[component]
pub(crate) fn TagList(mut tags: Vec<String>) -> impl IntoView {
    let rest = tags.split_off(shown(&tags));
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

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn no_tag_is_cut_for_the_sake_of_another() {
        let long = "a very long tag that fills the column by itself";
        for (tags, expected) in [
            (vec![], 0),
            (vec!["vip"], 1),
            (vec!["vip", "edm", "new"], 3),
            (vec!["vip", "edm", "new", "old"], 3),
            (vec!["edm-producer", "Melodic Techno", "Newsletter"], 1),
            (vec![long, "vip"], 1),
        ] {
            let tags: Vec<String> = tags.into_iter().map(str::to_owned).collect();
            assert_eq!(shown(&tags), expected, "{tags:?}");
        }
    }
}
