//! A field for several tags, separated by commas, which offers those that there are.

use leptos::wasm_bindgen::JsCast;
use leptos::{html, prelude::*};

use super::{FormErrors, TextField};
use crate::i18n::{case, t};

/// How many are offered.
const OFFERED: usize = 8;

#[component]
pub(crate) fn TagInput(
    #[prop(into)] label: String,
    value: RwSignal<String>,
    /// The tags that there are, the most used first.
    known: Signal<Vec<String>>,
    #[prop(default = "")] pointer: &'static str,
    #[prop(optional)] errors: Option<FormErrors>,
    #[prop(default = "")] hint: &'static str,
) -> impl IntoView {
    let errors = errors.unwrap_or_else(FormErrors::new);
    let around = NodeRef::<html::Div>::new();
    let choose = move |tag: &str| {
        value.set(completed(&value.get_untracked(), tag));
        let field = around.get_untracked().and_then(|around| around.query_selector("input").ok().flatten());
        if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Further tags are typed there.
            _ = field.focus();
        }
    };
    let offers = move || {
        let tags = offered(&value.read(), &known.get());
        (!tags.is_empty()).then(|| {
            let tags = tags.into_iter().map(|tag| {
                let name = tag.clone();
                view! {
                    <button class="tag tag--offer" type="button" on:click=move |_| choose(&tag)>{name}</button>
                }
            });
            view! {
                <div class="tags tags--all" role="group" aria-label=t().components.tags_offered>{tags.collect_view()}</div>
            }
        })
    };
    view! {
        <div class="tag-input" node_ref=around>
            <TextField label value pointer errors hint />
            {offers}
        </div>
    }
}

/// The tags that what is typed last begins or occurs in, without those that are there already.
fn offered(typed: &str, known: &[String]) -> Vec<String> {
    let (chosen, last) = split(typed);
    let last = case::lower(last.trim());
    let is_chosen = |tag: &&String| !chosen.iter().any(|chosen| case::lower(chosen) == case::lower(tag));
    let mut begins: Vec<String> = Vec::new();
    let mut has = Vec::new();
    for tag in known.iter().filter(is_chosen) {
        let name = case::lower(tag);
        if name == last && !last.is_empty() {
            // It is written out already.
            return Vec::new();
        }
        if name.starts_with(&last) {
            begins.push(tag.clone());
        } else if name.contains(&last) {
            has.push(tag.clone());
        }
    }
    begins.into_iter().chain(has).take(OFFERED).collect()
}

/// What was typed with a tag in the place of its last, unfinished part.
fn completed(typed: &str, tag: &str) -> String {
    let (chosen, _) = split(typed);
    let all = chosen.into_iter().chain([tag]);
    all.map(|tag| format!("{tag}, ")).collect()
}

fn split(typed: &str) -> (Vec<&str>, &str) {
    let (before, last) = typed.rsplit_once(',').unwrap_or(("", typed));
    (before.split(',').map(str::trim).filter(|tag| !tag.is_empty()).collect(), last)
}

#[cfg(test)]
mod tests {
    use super::{completed, offered};

    #[test]
    fn the_last_part_is_completed() {
        let known: Vec<String> = ["Free drum kit", "vip", "drums"].map(str::to_owned).to_vec();
        for (typed, expected) in [
            ("", vec!["Free drum kit", "vip", "drums"]),
            ("dru", vec!["drums", "Free drum kit"]),
            ("VIP, d", vec!["drums", "Free drum kit"]),
            ("drums", vec![]),
            ("vip, zz", vec![]),
        ] {
            assert_eq!(offered(typed, &known), expected, "{typed}");
        }
        assert_eq!(completed("vip, dru", "drums"), "vip, drums, ");
        assert_eq!(completed("", "vip"), "vip, ");
    }
}
