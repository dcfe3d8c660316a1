//! The tags of a row: many names in one cell.

use std::collections::BTreeSet;

use crate::{
    tag::{TagError, TagName},
    text,
};

/// Parses a tags cell: names separated by commas or by `||`. A quoted name may contain commas, as in
/// Mailchimp exports; a quote inside a name, as in `12" vinyl`, is part of it. Invalid names are
/// returned as errors.
#[must_use]
pub fn read(cell: &str) -> (BTreeSet<TagName>, Vec<TagError>) {
    let mut tags = BTreeSet::new();
    let mut errors = Vec::new();
    for name in names(cell) {
        match TagName::parse(&name) {
            // The first spelling of a name counts.
            Ok(tag) => drop((!tags.contains(&tag)).then(|| tags.insert(tag))),
            Err(TagError::Blank) => {}
            Err(error) => errors.push(error),
        }
    }
    (tags, errors)
}

/// Writes a tags cell that [`read`] parses back.
#[must_use]
pub fn write(tags: &BTreeSet<TagName>) -> String {
    let names: Vec<String> = tags
        .iter()
        .map(|tag| match tag.name() {
            name if name.contains([',', '"', '|']) => format!("\"{}\"", name.replace('"', "\"\"")),
            name => name.to_owned(),
        })
        .collect();
    names.join(",")
}

fn names(cell: &str) -> Vec<String> {
    // In a cell with `||`, commas are part of the names.
    let separator = if has_outside_of_quotes(cell, "||") { "||" } else { "," };
    let mut names = Vec::new();
    let mut rest = Some(cell);
    while let Some(text) = rest {
        let (name, after) = match quoted(text, separator) {
            Some((name, after)) => (name, after),
            None => match text.split_once(separator) {
                Some((name, after)) => (name.to_owned(), Some(after)),
                None => (text.to_owned(), None),
            },
        };
        names.push(name);
        rest = after;
    }
    names
}

/// The quoted name at the start of a text, and the rest after its separator. A doubled quote is an
/// escaped quote. `None` if the text does not start with a quote, or the quote is not closed directly
/// before a separator or the end.
fn quoted<'a>(text: &'a str, separator: &str) -> Option<(String, Option<&'a str>)> {
    let mut rest = text.trim_start_matches(text::is_invisible).strip_prefix('"')?;
    let mut name = String::new();
    loop {
        let (before, after) = rest.split_once('"')?;
        name.push_str(before);
        if let Some(after) = after.strip_prefix('"') {
            name.push('"');
            rest = after;
            continue;
        }
        let after = after.trim_start_matches(text::is_invisible);
        return if after.is_empty() {
            Some((name, None))
        } else {
            Some((name, Some(after.strip_prefix(separator)?)))
        };
    }
}

fn has_outside_of_quotes(cell: &str, mark: &str) -> bool {
    if !cell.contains(mark) {
        return false;
    }
    let mut rest = cell;
    loop {
        // A quoted name is skipped, together with any separators in it.
        let after = quoted(rest, ",").map(|(_, after)| after);
        match after {
            Some(None) => return false,
            Some(Some(after)) => rest = after,
            None => {
                let name = rest.split_once(',').map_or(rest, |(name, _)| name);
                if name.contains(mark) {
                    return true;
                }
                let Some((_, after)) = rest.split_once(',') else { return false };
                rest = after;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(cell: &str) -> Vec<String> {
        read(cell).0.iter().map(|tag| tag.name().to_owned()).collect()
    }

    #[test]
    fn tags_are_read_as_the_services_write_them() {
        for (cell, expected) in [
            ("vip, edm ,,VIP", vec!["edm", "vip"]),
            ("\"a, b\",\"c\"", vec!["a, b", "c"]),
            ("\"a, b\" , c", vec!["a, b", "c"]),
            ("||x||y||", vec!["x", "y"]),
            ("||x, y||z||", vec!["x, y", "z"]),
            ("\"say \"\"hi\"\"\"", vec!["say \"hi\""]),
            ("R&D,12\" vinyl,vip", vec!["12\" vinyl", "R&D", "vip"]),
            ("rock 'n' roll, AC/DC, R&D", vec!["AC/DC", "R&D", "rock 'n' roll"]),
            ("\"open, vip", vec!["\"open", "vip"]),
            ("\"DJ\" Ann, vip", vec!["\"DJ\" Ann", "vip"]),
            ("7\",12\"", vec!["12\"", "7\""]),
            ("", vec![]),
        ] {
            assert_eq!(names(cell), expected, "{cell:?}");
            assert_eq!(read(&write(&read(cell).0)).0, read(cell).0);
        }
        assert_eq!(read(&"x".repeat(200)).1, [TagError::TooLong]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(names in prop::collection::vec("[a-c,\"'|& ]{1,8}", 0..6)) {
            let tags: BTreeSet<TagName> = names.iter().filter_map(|name| TagName::parse(name).ok()).collect();
            prop_assert_eq!(read(&write(&tags)).0, tags);
        }
    }
}
