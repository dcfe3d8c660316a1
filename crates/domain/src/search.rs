//! Substring search: what is searched, and what a search matches.
//!
//! The databases answer with their own indexes; this is the reference that they
//! are compared against, and what re-checks their candidates.

use crate::text;

/// The shortest word that a trigram index can find.
const TRIGRAM: usize = 3;

/// The text of a fan that is searched: folded name, e-mail, alias and source, a line each.
#[must_use]
pub fn search_text(name: Option<&str>, email: &str, alias: Option<&str>, source: &str) -> String {
    let mut all = text::fold(name.unwrap_or_default());
    for line in [email, alias.unwrap_or_default(), source] {
        all.push('\n');
        all.push_str(&text::fold(line));
    }
    all
}

/// What somebody typed into a search field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// One or two characters: a line starts with them.
    Prefix(String),
    /// Every word occurs somewhere; the first is at least three characters long.
    Words(Vec<String>),
}

impl Search {
    /// Reads what was typed; `None` when it is blank.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let folded = text::fold(typed);
        if folded.is_empty() {
            return None;
        }
        let mut words: Vec<String> = folded.split(' ').map(str::to_owned).collect();
        if words.iter().all(|word| word.chars().count() < TRIGRAM) {
            return Some(Self::Prefix(folded));
        }
        // The longest word first: it finds the fewest.
        words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        words.dedup();
        Some(Self::Words(words))
    }

    /// Whether a text made by [`search_text`] is found.
    #[must_use]
    pub fn matches(&self, search_text: &str) -> bool {
        match self {
            Self::Prefix(prefix) => search_text.split('\n').any(|line| line.starts_with(prefix.as_str())),
            Self::Words(words) => words.iter().all(|word| search_text.contains(word.as_str())),
        }
    }

    /// The words that a trigram index can find, longest first; none for a prefix.
    pub fn indexable_words(&self) -> impl Iterator<Item = &str> {
        let words: &[String] = match self {
            Self::Prefix(_) => &[],
            Self::Words(words) => words,
        };
        words.iter().map(String::as_str).filter(|word| word.chars().count() >= TRIGRAM)
    }
}

#[cfg(test)]
mod tests {
    use super::{Search, search_text};

    #[test]
    fn a_search_finds_parts_of_name_email_alias_and_source() {
        let text = search_text(Some("Zoë Dubois"), "Zoe.D@studio.fr", Some("DJ Zed"), "stripe");
        for (typed, found) in [
            ("zoe", true),
            ("ZOË du", true),
            ("dubois zoe", true),
            ("studio.fr", true),
            ("dj", true),
            ("zo", true),
            ("du", false), // two characters: a prefix of a line
            ("stripe", true),
            ("dubois marc", false),
            ("%", false),
            ("d_b", false),
        ] {
            assert_eq!(Search::parse(typed).unwrap().matches(&text), found, "{typed:?}");
        }
        assert_eq!(Search::parse(" \u{200B} "), None);
    }
}
