//! Detects the delimiter of a file, and the position of its header.

use std::collections::BTreeMap;

use fanbase_domain::{
    email::Email,
    import::columns::{Column, Mapping},
};

use super::records::{Position, Record, RecordReader};

/// Supported delimiters.
pub(super) const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];
/// Number of records examined.
const RECORDS: usize = 50;

/// The layout of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// The delimiter.
    pub(super) delimiter: u8,
    /// The position of the header, from the start of the text.
    pub(super) header: Position,
}

/// Detects the layout from the start of a file; `chosen` is the requested delimiter.
#[must_use]
pub(super) fn layout(start: &[u8], chosen: Option<char>) -> Layout {
    let chosen = chosen.and_then(|delimiter| u8::try_from(delimiter).ok());
    let said = separator_line(start);
    let header =
        said.map_or(Position { byte: 0, line: 1 }, |(_, length)| Position { byte: length as u64, line: 2 });
    let body = &start[said.map_or(0, |(_, length)| length)..];
    let delimiter = chosen.or(said.map(|(delimiter, _)| delimiter)).unwrap_or_else(|| recognise(body));
    Layout { delimiter, header }
}

/// The delimiter named by a line `sep=;` before the header, and the length of that line. Programs that write
/// for Excel put it there.
fn separator_line(start: &[u8]) -> Option<(u8, usize)> {
    let end = memchr::memchr2(b'\r', b'\n', start)?;
    let length = end + 1 + usize::from(start[end..].starts_with(b"\r\n"));
    let line = start[..end].trim_ascii();
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    let (name, rest) = line.split_at_checked(4)?;
    if !name.eq_ignore_ascii_case(b"sep=") {
        return None;
    }
    match rest {
        [delimiter] if delimiter.is_ascii_punctuation() && *delimiter != b'"' => Some((*delimiter, length)),
        // The tab itself was trimmed with the blanks around the line, or is spelled out.
        [] | b"\\t" => Some((b'\t', length)),
        _ => None,
    }
}

/// The delimiter that gives a column of e-mail addresses, and rows of equal length.
fn recognise(body: &[u8]) -> u8 {
    let mut best = (b',', Fit::default());
    for delimiter in DELIMITERS.iter().filter_map(|delimiter| u8::try_from(*delimiter).ok()) {
        let fit = Fit::of(body, delimiter);
        // The first of equals wins: most files of one column have no delimiter at all.
        if fit > best.1 {
            best = (delimiter, fit);
        }
    }
    best.0
}

/// How well a delimiter fits, by descending importance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    has_emails: bool,
    has_columns: bool,
    /// Rows per thousand that have as many cells as the header.
    even: usize,
    columns: usize,
}

impl Fit {
    fn of(body: &[u8], delimiter: u8) -> Self {
        let mut reader = RecordReader::new(body, delimiter, Position::default());
        let mut record = Record::default();
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut broken = 0;
        while rows.len() + broken < RECORDS {
            match reader.next(&mut record) {
                Ok(Some(Ok(()))) => rows.push((0..record.len()).map(|i| record.lossy(i)).collect()),
                Ok(Some(Err(_))) => broken += 1,
                Ok(None) | Err(_) => break,
            }
        }
        let Some((header, rows)) = rows.split_first() else { return Self::default() };
        let even = rows.iter().filter(|row| row.len() == header.len()).count();
        Self {
            has_emails: names_emails(header) || holds_emails(rows, header.len()),
            has_columns: header.len() > 1,
            even: even * 1000 / (rows.len() + broken).max(1),
            columns: header.len(),
        }
    }
}

fn names_emails(header: &[String]) -> bool {
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    Mapping::guess(&header, &BTreeMap::new()).is_ok_and(|mapping| mapping.columns().contains(&Column::Email))
}

/// Whether most cells of a column are e-mail addresses.
fn holds_emails(rows: &[Vec<String>], columns: usize) -> bool {
    let is_email = |row: &&Vec<String>, column: usize| {
        row.get(column).is_some_and(|cell| cell.contains('@') && Email::parse(cell).is_ok())
    };
    (0..columns).any(|column| rows.iter().filter(|row| is_email(row, column)).count() * 2 > rows.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_the_one_that_gives_addresses_and_even_rows() {
        for (text, expected) in [
            ("Email,Name\na@x.example,Ava\n", ','),
            ("Email;Name\na@x.example;Lind, Ava, Jr\n", ';'),
            ("E-mail;Synth, if any, or none\na@x.example;Juno\n", ';'),
            ("\"Name; or alias, if any\"\tEmail\nAva\ta@x.example\n", '\t'),
            ("Kontakt;Ort, Land, Stadt\na@x.example;Rom\nb@x.example;Bonn\n", ';'),
            ("Name|Phone\nAva|1\n", '|'),
            ("Email\na@x.example\n", ','),
            ("Email;Spent\na@x.example;1,50\nb@x.example;2,50\n", ';'),
            ("", ','),
        ] {
            assert_eq!(char::from(layout(text.as_bytes(), None).delimiter), expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_may_name_the_separator() {
        for (text, delimiter, byte, line) in [
            ("sep=;\r\nEmail;Name\n", b';', 7, 2),
            ("SEP=,\nEmail\n", b',', 6, 2),
            ("\"sep=|\"\nEmail\n", b'|', 8, 2),
            ("sep=\t\nEmail\n", b'\t', 6, 2),
            ("sep=;", b';', 0, 1),
            ("separator,Email\n", b',', 0, 1),
        ] {
            let expected = Layout { delimiter, header: Position { byte, line } };
            assert_eq!(layout(text.as_bytes(), None), expected, "{text:?}");
        }
        assert_eq!(layout(b"sep=;\nEmail,Name\n", Some(',')).delimiter, b',');
    }
}
