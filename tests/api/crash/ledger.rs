//! What was acknowledged, and what may or may not have been done.

use std::collections::BTreeMap;

use fanbase_domain::ids::CustomerId;

/// What may be known of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Absent,
    Named(String),
}

#[derive(Debug, Default)]
struct Entry {
    /// Of customers whose creation was acknowledged.
    id: Option<CustomerId>,
    /// The state that was acknowledged last, and those that were attempted since.
    possible: Vec<State>,
}

/// The customers of one store that were written one by one, by address.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    entries: BTreeMap<String, Entry>,
    /// How many requests were acknowledged.
    pub(crate) acknowledged: usize,
}

impl Ledger {
    /// An address that was never used.
    pub(crate) fn new_address(&self) -> String {
        format!("edit{}@edits.example", self.entries.len())
    }

    /// Some customer that is there for certain.
    pub(crate) fn some(&self, number: usize) -> Option<(String, CustomerId)> {
        let there: Vec<_> = self
            .entries
            .iter()
            .filter(|(_, entry)| !entry.possible.contains(&State::Absent))
            .filter_map(|(email, entry)| Some((email.clone(), entry.id?)))
            .collect();
        there.get(number % there.len().max(1)).cloned()
    }

    /// Somebody whose creation was asked for and not answered, and their name.
    pub(crate) fn unanswered(&self) -> Option<(String, String)> {
        self.entries.iter().find_map(|(email, entry)| match (entry.id, entry.possible.last()) {
            (None, Some(State::Named(name))) => Some((email.clone(), name.clone())),
            _ => None,
        })
    }

    /// Notes that a request is about to be sent.
    pub(crate) fn attempt(&mut self, email: &str, state: State) {
        let entry = self
            .entries
            .entry(email.to_owned())
            .or_insert_with(|| Entry { id: None, possible: vec![State::Absent] });
        entry.possible.push(state);
    }

    /// Notes that the server said it was done.
    pub(crate) fn acknowledge(&mut self, email: &str, id: CustomerId, state: State) {
        let entry = self.entries.entry(email.to_owned()).or_default();
        entry.id = Some(id);
        entry.possible = vec![state];
        self.acknowledged += 1;
    }

    /// Compares an export with what was acknowledged, and counts whom it has.
    pub(crate) fn check(&self, export: &str) -> u64 {
        let mut reader = csv::Reader::from_reader(export.as_bytes());
        let mut found: BTreeMap<String, String> = BTreeMap::new();
        for row in reader.records().map(Result::unwrap).filter(|row| row[0].ends_with("@edits.example")) {
            let twice = found.insert(row[0].to_owned(), row[1].to_owned());
            assert_eq!(twice, None, "{} is there twice", &row[0]);
        }
        for (email, entry) in &self.entries {
            let state = found.get(email).map_or(State::Absent, |name| State::Named(name.clone()));
            assert!(
                entry.possible.contains(&state),
                "{email} is {state:?}, which is none of {:?}",
                entry.possible
            );
        }
        assert!(
            found.keys().all(|email| self.entries.contains_key(email)),
            "nobody created some of {found:?}"
        );
        found.len() as u64
    }
}
