//! Reduces a batch of rows to the changes of customers. Pure, so that it can be tested without a database.
//!
//! The merged rows of a person are compared with the person's state before the import, even when the rows are
//! spread over several batches. The report and the undo therefore do not depend on batch boundaries, and
//! importing the same file again reports "unchanged".

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use fanbase_domain::{
    consent::Consent,
    customer::{Customer, CustomerFields},
    email::EmailKey,
    ids::{CustomerId, StoreId, UserId},
    merge::{self, Contact, Defaults, Outcome, Policy, Tally},
    undo::Changes,
    wire::imports::Severity,
};
use uuid::Uuid;

use super::{
    file::{ContactFile, Notice},
    reader::Row,
};
use crate::audience::{counters::CountDelta, customers::rows::Stored};

/// The change record of a person, from earlier batches of the same import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// The outcome of the person's first row.
    pub outcome: Outcome,
    /// The changes by the import so far.
    pub changes: Changes,
    /// The version before the import. An undo uses it to find the import that wrote that version.
    pub version_before: i64,
    /// The version that the import wrote last.
    pub version: i64,
}

/// The state loaded before a batch.
#[derive(Debug, Default)]
pub struct Known {
    /// Customers by e-mail key.
    pub customers: HashMap<String, Stored>,
    /// Accounts without a customer by e-mail key.
    pub accounts: HashMap<String, UserId>,
    /// Change records of earlier batches by customer id, or by account id.
    pub noted: HashMap<Uuid, Noted>,
    /// The strongest consent allowed for new customers on the suppression list, by e-mail key.
    pub suppressed: BTreeMap<String, Consent>,
}

impl Known {
    /// The effects of a folded but unwritten batch on these e-mail addresses.
    #[must_use]
    pub fn lesson(context: &Context, keys: &BTreeSet<&EmailKey>, folded: &Folded) -> Self {
        let mut lesson = Self { noted: folded.noted.iter().cloned().collect(), ..Self::default() };
        if context.dry_run {
            return lesson; // notes are all that is written
        }
        let after = folded.updated.iter().map(|(_, after)| after);
        for stored in folded.created.iter().chain(after) {
            if let Some(key) = keys.get(&stored.customer.email_key) {
                lesson.customers.insert(key.to_string(), stored.clone());
            }
        }
        lesson
    }

    /// Applies the effects of an earlier batch.
    pub fn learn(&mut self, lesson: Self) {
        self.noted.extend(lesson.noted);
        for (key, stored) in lesson.customers {
            self.accounts.remove(&key);
            self.customers.insert(key, stored);
        }
    }
}

/// Parameters common to all batches of an import.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The store.
    pub store_id: StoreId,
    /// The import.
    pub import_id: Uuid,
    /// The merge policy.
    pub policy: Policy,
    /// Default values of new customers.
    pub defaults: Defaults,
    /// A dry run writes no customers: change records are the only trace of earlier batches.
    pub dry_run: bool,
}

/// A problem of a row, for the report.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line of the row.
    pub line: u64,
    /// The e-mail address as written in the row.
    pub email: String,
    /// Its severity.
    pub severity: Severity,
    /// The stable code.
    pub code: &'static str,
    /// The message for people.
    pub reason: String,
}

impl Problem {
    /// A warning about a file as a whole, at the line of the header.
    #[must_use]
    pub fn of_file(file: &ContactFile, notice: &Notice) -> Self {
        Self {
            line: file.header_line,
            email: String::new(),
            severity: Severity::Warning,
            code: notice.code,
            reason: notice.reason.clone(),
        }
    }
}

/// The result of folding a batch.
#[derive(Debug, Default)]
pub struct Folded {
    /// Customers to insert, in file order.
    pub created: Vec<Stored>,
    /// Customers to write: before and after.
    pub updated: Vec<(Stored, Stored)>,
    /// Change records to write, by customer id or account id.
    pub noted: Vec<(Uuid, Noted)>,
    /// Problems of its rows.
    pub problems: Vec<Problem>,
    /// Changes of the outcome counts.
    pub tally: TallyChange,
    /// Customers that the file marks as subscribed, but whose consent stays as it is.
    pub kept_unsubscribed: u64,
    /// Changes of the counters.
    pub counts: CountDelta,
}

impl Folded {
    /// Ids of everyone whose rows are written: customers, and their linked accounts.
    #[must_use]
    pub fn people(&self) -> HashSet<Uuid> {
        let updated = self.updated.iter().flat_map(|(before, after)| [before, after]);
        let mut people: HashSet<Uuid> = self.created.iter().chain(updated).flat_map(ids).collect();
        people.extend(self.noted.iter().map(|(id, _)| id));
        people
    }

    /// Splits off the writes that concern some people. Outcomes, problems and counters stay.
    #[must_use]
    pub fn set_apart(&mut self, people: &HashSet<Uuid>) -> Self {
        let is_one = |stored: &Stored| ids(stored).any(|id| people.contains(&id));
        Self {
            created: self.created.extract_if(.., |stored| is_one(stored)).collect(),
            updated: self.updated.extract_if(.., |(before, after)| is_one(before) || is_one(after)).collect(),
            noted: self.noted.extract_if(.., |(id, _)| people.contains(id)).collect(),
            ..Self::default()
        }
    }
}

/// The ids that identify the rows of a customer: its own and its account's.
fn ids(stored: &Stored) -> impl Iterator<Item = Uuid> + use<> {
    let customer = &stored.customer;
    [Some(customer.id.uuid()), customer.user_id.map(|user| user.uuid())].into_iter().flatten()
}

/// Outcomes of a batch, and corrections to outcomes of earlier rows.
#[derive(Debug, Default)]
pub struct TallyChange {
    rows: Vec<Outcome>,
    recounts: Vec<(Outcome, Outcome)>,
}

impl TallyChange {
    /// Number of rows in the batch.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Adds this batch to the tally of the import.
    pub fn apply(&self, tally: &mut Tally) {
        self.rows.iter().for_each(|outcome| tally.count(*outcome));
        self.recounts.iter().for_each(|(before, after)| tally.recount(*before, *after));
    }
}

/// A person during the fold of a batch.
struct Person {
    /// The stored state; `None` when this batch creates the customer.
    stored: Option<Stored>,
    /// The new state; `None` for an account that stays without a customer.
    customer: Option<Customer>,
    /// The change record of earlier batches.
    noted: Option<Noted>,
    /// The account with this e-mail address that has no customer.
    account: Option<UserId>,
    told_subscribed: bool,
    /// On the suppression list, and not a customer.
    suppressed: bool,
    /// Index of its first row among the outcomes, unless that row was in an earlier batch.
    first_row: Option<usize>,
}

/// Folds the rows of a batch. `new_id` makes the id of a customer from their e-mail key.
pub fn fold(context: &Context, known: &mut Known, rows: Vec<Row>, new_id: impl Fn(&str) -> Uuid) -> Folded {
    let mut folded = Folded::default();
    let mut people: Vec<Person> = Vec::with_capacity(rows.len());
    let mut places: HashMap<EmailKey, usize> = HashMap::with_capacity(rows.len());
    for row in rows {
        let (contact, warnings) = match row.contact {
            Ok(read) => read,
            Err(problem) => {
                folded.tally.rows.push(Outcome::Invalid);
                folded.problems.push(Problem {
                    line: row.line,
                    email: row.email,
                    severity: Severity::Error,
                    code: problem.code,
                    reason: problem.reason,
                });
                continue;
            }
        };
        folded.problems.extend(warnings.into_iter().map(|warning| Problem {
            line: row.line,
            email: row.email.clone(),
            severity: Severity::Warning,
            code: warning.code(),
            reason: warning.to_string(),
        }));
        let told_subscribed = contact.consent == Some(Consent::Subscribed);
        if let Some(person) = places.get(contact.email.key()).and_then(|place| people.get_mut(*place)) {
            folded.tally.rows.push(Outcome::DuplicateInFile);
            person.told_subscribed |= told_subscribed;
            match &mut person.customer {
                Some(customer) => {
                    merge::apply(&mut customer.fields, &contact, context.policy, context.defaults.now);
                }
                None if contact.is_mere_user() => {}
                None => {
                    let id = new_id(contact.email.key().as_str());
                    person.customer = Some(create(context, known, contact, id));
                }
            }
            continue;
        }
        let key = contact.email.key().clone();
        let mut person = meet(context, known, contact, &new_id);
        person.told_subscribed = told_subscribed;
        let ours = |stored: &Stored| stored.import_id == Some(context.import_id);
        if person.noted.is_some() || person.stored.as_ref().is_some_and(ours) {
            folded.tally.rows.push(Outcome::DuplicateInFile);
        } else {
            person.first_row = Some(folded.tally.rows.len());
            folded.tally.rows.push(Outcome::Unchanged); // settled below
        }
        places.insert(key, people.len());
        people.push(person);
    }
    for person in people {
        let first_row = person.first_row;
        let outcome = settle(context, person, &mut folded);
        if let Some(place) = first_row {
            folded.tally.rows[place] = outcome;
        }
    }
    folded
}

/// Starts a person from their first row in the batch, with the row applied.
fn meet(context: &Context, known: &mut Known, contact: Contact, new_id: &impl Fn(&str) -> Uuid) -> Person {
    let key = contact.email.key().as_str();
    let person = Person {
        stored: None,
        customer: None,
        noted: None,
        account: None,
        told_subscribed: false,
        suppressed: known.suppressed.contains_key(key),
        first_row: None,
    };
    if let Some(stored) = known.customers.remove(key) {
        let mut customer = stored.customer.clone();
        let noted = known.noted.remove(&customer.id.uuid());
        if let (true, Some(noted)) = (context.dry_run, &noted) {
            noted.changes.redo(&mut customer.fields);
        }
        merge::apply(&mut customer.fields, &contact, context.policy, context.defaults.now);
        return Person { stored: Some(stored), customer: Some(customer), noted, ..person };
    }
    let (account, id) = (known.accounts.get(key).copied(), new_id(key));
    let noted = known.noted.remove(&id).or_else(|| known.noted.remove(&account?.uuid()));
    let customer = match account {
        Some(_) if contact.is_mere_user() => None,
        _ => Some(create(context, known, contact, id)),
    };
    Person { customer, noted, account, ..person }
}

fn create(context: &Context, known: &Known, contact: Contact, id: Uuid) -> Customer {
    let (email, email_key) = contact.email.clone().into_parts();
    let mut fields = merge::create(contact, context.defaults);
    if let Some(at_most) = known.suppressed.get(email_key.as_str()) {
        fields.consent = fields.consent.fold(*at_most);
    }
    Customer {
        id: CustomerId::new(id),
        store_id: context.store_id,
        user_id: known.accounts.get(email_key.as_str()).copied(),
        email,
        email_key,
        version: 1,
        fields,
    }
}

/// Determines the writes for a person, and the outcome of their first row.
fn settle(context: &Context, person: Person, folded: &mut Folded) -> Outcome {
    let Person { stored, customer, noted, account, told_subscribed, suppressed, first_row: _ } = person;
    let Some(customer) = customer else {
        if let (Some(account), None) = (account, noted) {
            let noted = Noted {
                outcome: Outcome::Unchanged,
                changes: Changes::default(),
                version_before: 0,
                version: 0,
            };
            folded.noted.push((account.uuid(), noted));
        }
        return Outcome::Unchanged;
    };
    let Some(stored) = stored else {
        if told_subscribed && suppressed && noted.is_none() {
            folded.kept_unsubscribed += 1;
        }
        match noted.map(|noted| noted.outcome) {
            // An earlier batch of the dry run has created it.
            Some(Outcome::Created) => return Outcome::Created,
            // It was an account without a customer until this row.
            Some(outcome) => folded.tally.recounts.push((outcome, Outcome::Created)),
            None => {}
        }
        if context.dry_run {
            let noted = Noted {
                outcome: Outcome::Created,
                changes: Changes::default(),
                version_before: 0,
                version: 0,
            };
            folded.noted.push((customer.id.uuid(), noted));
        }
        folded.counts.add(&customer.fields, customer.user_id.is_some());
        folded.created.push(Stored { customer, import_id: Some(context.import_id) });
        return Outcome::Created;
    };
    let ours = stored.import_id == Some(context.import_id);
    if told_subscribed && customer.fields.consent != Consent::Subscribed && noted.is_none() && !ours {
        folded.kept_unsubscribed += 1;
    }
    settle_known(context, stored, customer, noted, folded)
}

fn settle_known(
    context: &Context,
    stored: Stored,
    mut customer: Customer,
    noted: Option<Noted>,
    folded: &mut Folded,
) -> Outcome {
    let id = customer.id.uuid();
    let ours = stored.import_id == Some(context.import_id);
    let before: CustomerFields = match &noted {
        Some(noted) => noted.changes.before(&stored.customer.fields),
        None => stored.customer.fields.clone(),
    };
    let changes = Changes::between(&before, &customer.fields);
    let outcome = match (ours, changes.is_empty()) {
        (true, _) => Outcome::Created,
        (false, true) => Outcome::Unchanged,
        (false, false) => Outcome::Updated,
    };
    let version_before = noted.as_ref().map_or(stored.customer.version, |noted| noted.version_before);
    let touched = customer.fields != stored.customer.fields;
    if touched {
        // Versions only increase: a client that has read this version must not get other content under it.
        customer.version = stored.customer.version + 1;
    }
    if let Some(noted) = &noted
        && noted.outcome != outcome
    {
        folded.tally.recounts.push((noted.outcome, outcome));
    }
    if touched || (noted.is_none() && !ours) {
        // The undo finds created customers by their import id, and needs no changes for them.
        let changes = if ours { Changes::default() } else { changes };
        folded.noted.push((id, Noted { outcome, changes, version_before, version: customer.version }));
    }
    if touched {
        let linked = customer.user_id.is_some();
        folded.counts.remove(&stored.customer.fields, linked);
        folded.counts.add(&customer.fields, linked);
        let import_id = stored.import_id;
        folded.updated.push((stored, Stored { customer, import_id }));
    }
    outcome
}
