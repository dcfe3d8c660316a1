//! The tags of a row: many names in one cell.

use std::collections::BTreeSet;

use crate::tag::{TagError, TagName};

/// Reads a tags cell: names separated by commas (or `||`); a name in double quotes
/// may hold commas, as Mailchimp writes it. Names that are no tags come back as errors.
#[must_use]
pub fn read(cell: &str) -> (BTreeSet<TagName>, Vec<TagError>) {
    let mut tags = BTreeSet::new();
    let mut errors = Vec::new();
    let mut add = |name: &str| match TagName::parse(name) {
        Ok(tag) => {
            if !tags.contains(&tag) {
                tags.insert(tag);
            }
        }
        Err(TagError::Blank) => {}
        Err(error) => errors.push(error),
    };
    if cell.contains('"') {
        split_quoted(cell).iter().for_each(|name| add(name));
    } else if cell.contains("||") {
        cell.split("||").for_each(add);
    } else {
        cell.split(',').for_each(add);
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

/// Splits at commas outside of double quotes; a doubled quote inside stands for one.
fn split_quoted(cell: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut quoted = false;
    let mut chars = cell.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                push(&mut names, '"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => names.push(String::new()),
            c => push(&mut names, c),
        }
    }
    names
}

fn push(names: &mut [String], c: char) {
    if let Some(name) = names.last_mut() {
        name.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(cell: &str) -> Vec<String> {
        read(cell).0.iter().map(|tag| tag.name().to_owned()).collect()
    }

    #[test]
    fn tags_are_read_as_the_services_write_them() {
        for (cell, expected) in [
            ("vip, edm ,,VIP", vec!["edm", "vip"]),
            ("\"a, b\",\"c\"", vec!["a, b", "c"]),
            ("||x||y||", vec!["x", "y"]),
            ("\"say \"\"hi\"\"\"", vec!["say \"hi\""]),
            ("", vec![]),
        ] {
            assert_eq!(names(cell), expected, "{cell:?}");
            assert_eq!(read(&write(&read(cell).0)).0, read(cell).0);
        }
        assert_eq!(read(&"x".repeat(200)).1, [TagError::TooLong]);
    }
}
