//! Substring search: the indexed text and the matching rule.
//!
//! The databases search with their own trigram indexes. This is the reference implementation, which
//! also rechecks their candidates.

use crate::{source::Source, text};

/// The shortest word that a trigram index can find.
const TRIGRAM: usize = 3;

/// The indexed text of a fan: folded name, e-mail, alias, source detail and the digits of the phone
/// number, one per line. The source itself is a mark of three letters. Most fans share one source, so
/// indexing its words would take a quarter of the index.
#[must_use]
pub fn search_text(
    name: Option<&str>,
    email: &str,
    alias: Option<&str>,
    source: Source,
    source_detail: Option<&str>,
    phone: Option<&str>,
) -> String {
    let mut all = text::fold(name.unwrap_or_default());
    for line in [Some(email), Some(alias.unwrap_or_default()), source_detail].into_iter().flatten() {
        all.push('\n');
        all.push_str(&text::fold(line));
    }
    if let Some(digits) = phone.map(digits).filter(|digits| digits.len() >= TRIGRAM) {
        all.push('\n');
        all.push_str(&digits);
    }
    all.push('\n');
    all.push_str(mark(source));
    all
}

/// The digits of a phone number, without separators.
fn digits(phone: &str) -> String {
    text::fold(phone).chars().filter(char::is_ascii_digit).collect()
}

/// Minimum digits of a phone number search: with a leading `+`, `(` or `0`, and without.
const PHONE: (usize, usize) = (5, 7);
/// Trailing digits that identify a number in every notation: `+27 82…`, `0027 82…` or `082…`.
const NATIONAL: usize = 9;

/// The digits to search for, if the search is a phone number: digits and the usual separators.
fn phone_digits(folded: &str) -> Option<String> {
    let is_number = folded.chars().all(|c| c.is_ascii_digit() || "+-()./ ".contains(c));
    let digits = digits(folded);
    let least = if folded.starts_with(['+', '(', '0']) { PHONE.0 } else { PHONE.1 };
    if !is_number || digits.len() < least {
        return None;
    }
    let without_zeros = digits.trim_start_matches('0');
    let start = without_zeros.len().saturating_sub(NATIONAL);
    Some(without_zeros[start..].to_owned()).filter(|digits| digits.len() >= TRIGRAM)
}

/// The mark of a source in the indexed text. Marks are in capitals; folded texts and searches never
/// are.
fn mark(source: Source) -> &'static str {
    match source {
        Source::ActivecampaignImport => "ACI",
        Source::CsvImport => "CSV",
        Source::StripePurchase => "STR",
        Source::CourseEnrollment => "CRS",
        Source::Subscription => "SUB",
        Source::Manual => "MAN",
        Source::Api => "API",
        Source::RegisteredUser => "USR",
    }
}

/// A parsed search term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// One or two characters: matches the start of a line.
    Prefix(String),
    /// All words match as substrings; the first has at least three characters.
    Words(Vec<String>),
}

impl Search {
    /// Parses the search field; `None` if it is blank.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let folded = text::fold(typed);
        if folded.is_empty() {
            return None;
        }
        if let Some(digits) = phone_digits(&folded) {
            return Some(Self::Words(vec![digits]));
        }
        let mut words: Vec<String> = folded.split(' ').map(str::to_owned).collect();
        if words.iter().all(|word| word.chars().count() < TRIGRAM) {
            return Some(Self::Prefix(folded));
        }
        // The longest word first, because it is the most selective.
        words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        words.dedup();
        Some(Self::Words(words))
    }

    /// Whether a text made by [`search_text`] matches.
    #[must_use]
    pub fn matches(&self, search_text: &str) -> bool {
        match self {
            Self::Prefix(prefix) => {
                search_text.split('\n').any(|line| line.starts_with(prefix.as_str()))
                    || marks_starting(prefix).any(|mark| search_text.contains(mark))
            }
            Self::Words(words) => words.iter().all(|word| {
                search_text.contains(word.as_str()) || marks(word).any(|mark| search_text.contains(mark))
            }),
        }
    }

    /// The words that a trigram index can find, longest first; empty for a prefix.
    pub fn indexable_words(&self) -> impl Iterator<Item = &str> {
        let words: &[String] = match self {
            Self::Prefix(_) => &[],
            Self::Words(words) => words,
        };
        words.iter().map(String::as_str).filter(|word| word.chars().count() >= TRIGRAM)
    }
}

/// The marks of the sources that match a word.
pub fn marks(word: &str) -> impl Iterator<Item = &'static str> {
    Source::ALL.into_iter().filter(move |source| source.search_words().contains(word)).map(mark)
}

/// The marks of the sources that start with a prefix.
pub fn marks_starting(prefix: &str) -> impl Iterator<Item = &'static str> {
    Source::ALL.into_iter().filter(move |source| source.search_words().starts_with(prefix)).map(mark)
}

#[cfg(test)]
mod tests {
    use super::{Search, search_text};
    use crate::source::Source;

    #[test]
    fn a_search_finds_parts_of_name_email_alias_and_source() {
        let text = search_text(
            Some("Zoë Dubois"),
            "Zoe.D@studio.fr",
            Some("DJ Zed"),
            Source::StripePurchase,
            Some("Beat School"),
            Some("+27 82 234-1400"),
        );
        for (typed, found) in [
            ("zoe", true),
            ("ZOË du", true),
            ("dubois zoe", true),
            ("studio.fr", true),
            ("dj", true),
            ("zo", true),
            ("du", false), // two characters: a prefix of a line
            ("stripe", true),
            ("tri", true),
            ("st", true),
            ("school", true),
            ("zoe stripe", true),
            ("+27 82 234 1400", true),
            ("0822341400", true),
            ("0027822341400", true),
            ("(082) 234/1400", true),
            ("2341400", true),
            ("0822341401", false),
            ("1400", true),
            ("STR", true), // a part of "stripe", not the mark
            ("csv", false),
            ("cs", false),
            ("dubois marc", false),
            ("%", false),
            ("d_b", false),
        ] {
            assert_eq!(Search::parse(typed).unwrap().matches(&text), found, "{typed:?}");
        }
        assert_eq!(Search::parse(" \u{200B} "), None);
    }
}
