//! A person's picture: the account's, else initials on a colour derived from the e-mail.

use leptos::prelude::*;

use crate::i18n::{case, t};

/// How many colours there are; `avatar.css` knows each.
const HUES: u32 = 12;

/// Purely decorative, except for the mark of an account.
#[component]
pub(crate) fn Avatar(
    #[prop(into)] name: Signal<Option<String>>,
    #[prop(into)] email: Signal<String>,
    #[prop(into)] picture: Signal<Option<String>>,
    #[prop(into)] has_account: Signal<bool>,
) -> impl IntoView {
    // The picture that has arrived: until then, and where there is none, the initials are seen.
    let arrived = RwSignal::new(None::<String>);
    let shown = move || (picture.get().is_some() && arrived.get() == picture.get()).then_some("");
    let account = move || {
        has_account.get().then(|| {
            view! {
                <span class="avatar__account" title=t().fans.has_account>
                    <span class="sr-only">{t().fans.has_account}</span>
                </span>
            }
        })
    };
    view! {
        <span class="avatar" data-hue=move || hue(&email.get())>
            <span aria-hidden="true">{move || initials(name.get().as_deref(), &email.get())}</span>
            <img class="avatar__picture" src=picture data-shown=shown alt="" decoding="async"
                referrerpolicy="no-referrer" on:load=move |_| arrived.set(picture.get_untracked()) />
            {account}
        </span>
    }
}

/// The first letters of the first and the last word of the name, else of the address's local part.
fn initials(name: Option<&str>, email: &str) -> String {
    let local = email.split('@').next().unwrap_or_default();
    [name.unwrap_or_default(), local]
        .into_iter()
        .map(|text| {
            let mut letters = text
                .split(|c: char| c.is_whitespace() || ".-_+".contains(c))
                .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
            letters.next().into_iter().chain(letters.next_back()).collect()
        })
        .find(|letters: &String| !letters.is_empty())
        .map_or_else(|| "?".to_owned(), |letters| case::upper(&letters))
}

/// One of the colours, always the same for the same address in any case.
fn hue(email: &str) -> String {
    // FNV-1a: spreads similar addresses, unlike a sum.
    let hash = email.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
    });
    ((hash >> 16) % HUES).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_the_name_else_from_the_address() {
        for (name, email, expected) in [
            (Some("Ava Lindqvist"), "a@x.org", "AL"),
            (Some("Emma van Dyk"), "a@x.org", "ED"),
            (Some("łukasz"), "a@x.org", "Ł"),
            (Some("Jean-Luc Picard"), "a@x.org", "JP"),
            (Some("  (Zoë)  "), "a@x.org", "Z"),
            (Some("李小龙"), "a@x.org", "李"),
            (Some("🎧 🎧"), "kofi@okafor.com", "K"),
            (Some("ßeta"), "a@x.org", "SS"),
            (None, "noah.ivanov@mail.co.uk", "NI"),
            (None, "dj_zed+news@x.org", "DN"),
            (None, "42@x.org", "4"),
            (Some(""), "", "?"),
        ] {
            assert_eq!(initials(name, email), expected, "{name:?} {email}");
        }
    }

    #[test]
    fn the_colour_follows_the_address_and_uses_them_all() {
        assert_eq!(hue("Ava@Example.com"), hue("ava@example.com"));
        let seen: std::collections::BTreeSet<String> =
            (0..500).map(|n| hue(&format!("fan{n}@example.com"))).collect();
        assert_eq!(seen.len(), HUES as usize);
        assert!(seen.iter().all(|hue| hue.parse::<u32>().unwrap() < HUES));
    }
}
