//! Names of people.

use crate::text;

/// The display name: first and last name if both are known. With one of them, the full name if it
/// contains that part and more. With neither, the full name.
#[must_use]
pub fn display_name(first: Option<&str>, last: Option<&str>, full: Option<&str>) -> Option<String> {
    match (first, last) {
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        (Some(one), None) | (None, Some(one)) => {
            let is_more = |full: &&str| full.trim().contains(char::is_whitespace) && is_part(one, full);
            Some(full.filter(is_more).unwrap_or(one).to_owned())
        }
        (None, None) => full.map(str::to_owned),
    }
}

/// Whether each word of a part is a word of the full name.
#[must_use]
pub fn is_part(part: &str, full: &str) -> bool {
    let (part, full) = (text::fold(part), text::fold(full));
    part.split(' ').all(|word| full.split(' ').any(|other| other == word))
}

/// The sort key of a name; `None` for an empty one.
#[must_use]
pub fn sort_key(name: Option<&str>) -> Option<String> {
    // Long enough to order any two names, and short enough for every index.
    let folded: String = text::fold(name?).chars().take(120).collect();
    (!folded.is_empty()).then_some(folded)
}

#[cfg(test)]
mod tests {
    use super::display_name;

    #[test]
    fn the_fullest_name_that_fits_is_shown() {
        for (first, last, full, expected) in [
            (Some("Ann"), Some("Lee"), Some("Ann Smith"), Some("Ann Lee")),
            (Some("Ann"), None, Some("Ann Lee"), Some("Ann Lee")),
            (Some("Bob"), None, Some("Ann Lee"), Some("Bob")),
            (None, Some("lee"), Some("Ann Lee"), Some("Ann Lee")),
            (Some("Ann"), None, Some("ann"), Some("Ann")),
            (None, None, Some("Ann Lee"), Some("Ann Lee")),
            (None, None, None, None),
        ] {
            assert_eq!(display_name(first, last, full).as_deref(), expected);
        }
    }
}
