//! Folds a batch of rows into customers: pure, so that it can be tested without a database.
//!
//! What the rows of one person amount to is compared with what the person was before the
//! import, also when they are spread over batches. So the report and the undo do not
//! depend on where a batch ends, and the same file again says "unchanged".

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

/// What earlier batches of the same import noted of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// What became of the person's first row.
    pub outcome: Outcome,
    /// What the import changed so far.
    pub changes: Changes,
    /// The version before the import, by which an undo finds the import that wrote it.
    pub version_before: i64,
    /// The version that the import wrote last.
    pub version: i64,
}

/// What is known before a batch.
#[derive(Debug, Default)]
pub struct Known {
    /// Customers by e-mail key.
    pub customers: HashMap<String, Stored>,
    /// Accounts without a customer by e-mail key.
    pub accounts: HashMap<String, UserId>,
    /// Notes of earlier batches by customer (or account) id.
    pub noted: HashMap<Uuid, Noted>,
    /// What consent new customers can have at most, by e-mail key: of those who left before.
    pub suppressed: BTreeMap<String, Consent>,
}

impl Known {
    /// What a batch that is folded but not written yet says of these addresses.
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

    /// Adds what a batch says that is newer.
    pub fn learn(&mut self, lesson: Self) {
        self.noted.extend(lesson.noted);
        for (key, stored) in lesson.customers {
            self.accounts.remove(&key);
            self.customers.insert(key, stored);
        }
    }
}

/// What is the same for all batches of an import.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The store.
    pub store_id: StoreId,
    /// The import.
    pub import_id: Uuid,
    /// How rows merge.
    pub policy: Policy,
    /// What a new customer is assumed to be.
    pub defaults: Defaults,
    /// Nothing is written, so that notes are all there is of earlier batches.
    pub dry_run: bool,
}

/// A problem of a row, for the report.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line of the row.
    pub line: u64,
    /// The address as the row has it.
    pub email: String,
    /// How bad it is.
    pub severity: Severity,
    /// The stable code.
    pub code: &'static str,
    /// A sentence for people.
    pub reason: String,
}

impl Problem {
    /// A doubt about a file as a whole; its line is that of the header.
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

/// What a batch comes to.
#[derive(Debug, Default)]
pub struct Folded {
    /// Customers to insert, in file order.
    pub created: Vec<Stored>,
    /// Customers to write: before and after.
    pub updated: Vec<(Stored, Stored)>,
    /// Notes to write, by customer (or account) id.
    pub noted: Vec<(Uuid, Noted)>,
    /// What was wrong.
    pub problems: Vec<Problem>,
    /// How outcomes change.
    pub tally: TallyChange,
    /// Customers who were told to be subscribed and stay as they are.
    pub kept_unsubscribed: u64,
    /// How the counters change.
    pub counts: CountDelta,
}

impl Folded {
    /// Whom rows are written of: customers, and the accounts that they are linked to.
    #[must_use]
    pub fn people(&self) -> HashSet<Uuid> {
        let updated = self.updated.iter().flat_map(|(before, after)| [before, after]);
        let mut people: HashSet<Uuid> = self.created.iter().chain(updated).flat_map(ids).collect();
        people.extend(self.noted.iter().map(|(id, _)| id));
        people
    }

    /// Takes out what is written of some people. Outcomes, problems and counters stay.
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

/// The ids by which rows of a customer are told from others: its own and its account's.
fn ids(stored: &Stored) -> impl Iterator<Item = Uuid> + use<> {
    let customer = &stored.customer;
    [Some(customer.id.uuid()), customer.user_id.map(|user| user.uuid())].into_iter().flatten()
}

/// Outcomes of a batch, and those of earlier rows that turned out otherwise.
#[derive(Debug, Default)]
pub struct TallyChange {
    rows: Vec<Outcome>,
    recounts: Vec<(Outcome, Outcome)>,
}

impl TallyChange {
    /// Rows of the batch.
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

/// A person of the batch.
struct Person {
    /// As the database has it; `None` when this batch creates it.
    stored: Option<Stored>,
    /// As it becomes; `None` for an account that stays one.
    customer: Option<Customer>,
    /// What earlier batches noted.
    noted: Option<Noted>,
    /// An account that its row names and that stays an account.
    account: Option<UserId>,
    told_subscribed: bool,
    /// Left before they were deleted, and comes again.
    suppressed: bool,
    /// The place of its first row among the outcomes, unless that was in an earlier batch.
    first_row: Option<usize>,
}

/// Folds the rows of a batch. `new_id` makes the id of a customer from its address.
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

/// The person that the first row of a batch is about, with the row applied.
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

/// Decides what is written of a person, and what became of its first row.
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
            // An earlier batch of a dry run created it.
            Some(Outcome::Created) => return Outcome::Created,
            // It was a mere account until this row.
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
        // Never lowered: who read this version must not take another content for it.
        customer.version = stored.customer.version + 1;
    }
    if let Some(noted) = &noted
        && noted.outcome != outcome
    {
        folded.tally.recounts.push((noted.outcome, outcome));
    }
    if touched || (noted.is_none() && !ours) {
        // What was created is known by its import id, so its changes need not be kept.
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
