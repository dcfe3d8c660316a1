//! The tags of a row: many names in one cell.

use std::collections::BTreeSet;

use crate::{
    tag::{TagError, TagName},
    text,
};

/// Reads a tags cell: names separated by commas, or by `||`. A name in double quotes may hold commas,
/// as Mailchimp writes it; a quote inside of a name, as in `12" vinyl`, is part of it. Names that are
/// no tags come back as errors.
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

/// Writes a tags cell that [`read`] reads back.
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
    // In a cell with this mark, commas belong to the names.
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

/// The quoted name that a text starts with, and what follows the separator after it. A doubled quote
/// stands for one. `None` if the text does not start with a quote, or the quote is not closed right
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
        // A quoted name is passed over, whatever separates it from the next.
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
