//! Names of people.

use crate::text;

/// The name to show: first and last name when there is either, else the full name as given.
#[must_use]
pub fn display_name(first: Option<&str>, last: Option<&str>, full: Option<&str>) -> Option<String> {
    match (first, last) {
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => full.map(str::to_owned),
    }
}

/// The key that people are sorted by; `None` when there is nothing to sort by.
#[must_use]
pub fn sort_key(name: Option<&str>) -> Option<String> {
    // Long enough to order any two names, short enough for every index.
    let folded: String = text::fold(name?).chars().take(120).collect();
    (!folded.is_empty()).then_some(folded)
}
