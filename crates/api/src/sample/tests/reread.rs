//! A minimal importer that shares no code with the generator: it reads the file with the `csv` crate
//! and applies the rules in the most direct way.

use csv::{ReaderBuilder, StringRecord};
use std::collections::BTreeMap;

/// The outcome of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Outcome {
    Created,
    Duplicate,
    Invalid,
}

/// A row as read.
pub(super) struct Seen {
    pub(super) record: StringRecord,
    pub(super) outcome: Outcome,
    /// Index of the first row about the same person; its own index for a first row.
    pub(super) first: usize,
    /// Strictness of the person's consent before this row.
    pub(super) before: u8,
}

impl Seen {
    pub(super) fn cell(&self, column: usize) -> &str {
        self.record.get(column).unwrap_or("")
    }

    pub(super) fn email(&self) -> &str {
        self.cell(1)
    }

    pub(super) fn local(&self) -> &str {
        self.email().split('@').next().unwrap_or("")
    }

    pub(super) fn created(&self) -> bool {
        self.outcome == Outcome::Created
    }

    pub(super) fn duplicate(&self) -> bool {
        self.outcome == Outcome::Duplicate
    }

    pub(super) fn invalid(&self) -> bool {
        self.outcome == Outcome::Invalid
    }
}

/// The file as read.
pub(super) struct Reread {
    pub(super) header: StringRecord,
    pub(super) rows: Vec<Seen>,
    /// Row of the first occurrence, and consent, by e-mail key.
    pub(super) people: BTreeMap<String, (usize, u8)>,
    pub(super) short_rows: u64,
}

impl Reread {
    pub(super) fn count(&self, predicate: impl Fn(&Seen) -> bool) -> u64 {
        self.rows.iter().filter(|seen| predicate(seen)).count() as u64
    }

    pub(super) fn with_consent(&self, strictness: u8) -> u64 {
        let matching = self.people.values().filter(|(_, c)| *c == strictness);
        matching.count() as u64
    }
}

/// Reads a whole file.
pub(super) fn reread(bytes: &[u8]) -> Reread {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = reader.headers().expect("a header").clone();
    let mut rows = Vec::new();
    let mut people: BTreeMap<String, (usize, u8)> = BTreeMap::new();
    let mut short_rows = 0;
    for (number, record) in reader.records().enumerate() {
        let record = record.expect("a record");
        let extra = record.iter().skip(header.len()).any(|cell| !cell.is_empty());
        let key = key(&record[1]).filter(|_| !extra);
        let mut seen = Seen { record, outcome: Outcome::Invalid, first: number, before: 0 };
        if let Some(key) = key {
            short_rows += u64::from(seen.record.len() < header.len());
            let stated = strictness(seen.cell(26));
            match people.get_mut(&key) {
                Some((first, consent)) => {
                    seen.outcome = Outcome::Duplicate;
                    (seen.first, seen.before) = (*first, *consent);
                    *consent = (*consent).max(stated.unwrap_or(0));
                }
                None => {
                    seen.outcome = Outcome::Created;
                    let stated = stated.expect("first rows have a status");
                    people.insert(key, (number, stated));
                }
            }
        }
        rows.push(seen);
    }
    Reread { header, rows, people, short_rows }
}

/// The e-mail key; `None` for an invalid e-mail address.
pub(super) fn key(typed: &str) -> Option<String> {
    let invisible = |c: char| c.is_whitespace() || c == '\u{200b}' || c == '\u{feff}';
    let address = typed.trim_matches(invisible).to_lowercase();
    let (local, domain) = address.split_once('@')?;
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    if local.is_empty() || !domain.contains('.') || domain.contains('@') {
        return None;
    }
    if address.contains(invisible) {
        return None;
    }
    let domain = match domain {
        "münchen-beats.de" | "mu\u{308}nchen-beats.de" => "xn--mnchen-beats-dlb.de",
        other => other,
    };
    Some(format!("{local}@{domain}"))
}

/// Subscribed 0, unconfirmed 1, unsubscribed 2, bounced 3.
fn strictness(status: &str) -> Option<u8> {
    match status {
        "Active" | "1" => Some(0),
        "Unconfirmed" | "0" => Some(1),
        "Unsubscribed" | "2" => Some(2),
        "Bounced" | "3" => Some(3),
        "" => None,
        other => panic!("unknown status {other:?}"),
    }
}
