//! The merge rule (upsert) of imports and of customer creation.
//!
//! Blank values never erase. A later value wins (or only fills blanks, by policy). Tags are united (or
//! replaced). The type never goes down, and consent never goes up. The earliest creation and the latest
//! activity win. The same rule folds the rows of one file and updates existing customers, one row at a
//! time in file order, so the result does not depend on batch boundaries.

use std::collections::BTreeSet;

use crate::{
    consent::Consent,
    customer::{Attributes, CustomerFields, CustomerStatus, CustomerType},
    email::Email,
    facts::Balance,
    fan::FanType,
    name,
    source::Source,
    tag::TagName,
    text_enum,
    time::Timestamp,
};

text_enum! {
    /// The handling of a value that differs from the current one.
    pub enum ValuePolicy {
        /// The later value wins.
        Overwrite = "overwrite",
        /// Only blanks are filled.
        Fill = "fill",
    }
}

text_enum! {
    /// The merging of a row's tags with the current ones.
    pub enum TagPolicy {
        /// The union of both.
        Unite = "unite",
        /// The row's tags replace the current ones, unless its cell is blank.
        Replace = "replace",
    }
}

/// The merge policy of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// For values.
    pub values: ValuePolicy,
    /// For tags.
    pub tags: TagPolicy,
}

impl Default for Policy {
    fn default() -> Self {
        Self { values: ValuePolicy::Overwrite, tags: TagPolicy::Unite }
    }
}

/// Defaults of a new customer, for values that the row lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// The source.
    pub source: Source,
    /// Whether they may be mailed.
    pub consent: Consent,
    /// Creation time: the start of the import.
    pub now: Timestamp,
}

/// The parsed values of one row; `None` and empty values are blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The e-mail address, which identifies the person.
    pub email: Email,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Full name.
    pub full_name: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// Alias.
    pub alias: Option<String>,
    /// Fan type; only our own exports write `user`.
    pub kind: Option<FanType>,
    /// Source; used for new customers only.
    pub source: Option<Source>,
    /// Details of the source.
    pub source_detail: Option<String>,
    /// Whether they may be mailed.
    pub consent: Option<Consent>,
    /// Whether a consent value was not understood: a new customer is then unconfirmed.
    pub is_consent_unclear: bool,
    /// Active or inactive.
    pub status: Option<CustomerStatus>,
    /// Points.
    pub score: Option<i64>,
    /// Minor units of the store's currency.
    pub total_spent: Option<i64>,
    /// Profile and custom fields.
    pub attributes: Attributes,
    /// Tags.
    pub tags: BTreeSet<TagName>,
    /// Creation time.
    pub created_at: Option<Timestamp>,
    /// Time of the last activity.
    pub last_activity_at: Option<Timestamp>,
}

impl Contact {
    /// A row with an e-mail address only.
    #[must_use]
    pub fn new(email: Email) -> Self {
        Self {
            email,
            first_name: None,
            last_name: None,
            full_name: None,
            phone: None,
            alias: None,
            kind: None,
            source: None,
            source_detail: None,
            consent: None,
            is_consent_unclear: false,
            status: None,
            score: None,
            total_spent: None,
            attributes: Attributes::new(),
            tags: BTreeSet::new(),
            created_at: None,
            last_activity_at: None,
        }
    }

    /// Whether this is the row of a registered user who is not a customer.
    #[must_use]
    pub fn is_mere_user(&self) -> bool {
        self.kind == Some(FanType::User)
    }
}

/// Creates a customer from the first row about them.
#[must_use]
pub fn create(contact: Contact, defaults: Defaults) -> CustomerFields {
    let default_source = if contact.is_mere_user() { Source::RegisteredUser } else { defaults.source };
    // The exhaustive pattern makes the build fail until a new field has its merge rule.
    let Contact {
        email: _,
        first_name,
        last_name,
        full_name,
        phone,
        alias,
        kind,
        source,
        source_detail,
        consent,
        is_consent_unclear,
        status,
        score,
        total_spent,
        attributes,
        tags,
        created_at,
        last_activity_at,
    } = contact;
    let default_consent =
        if is_consent_unclear { defaults.consent.fold(Consent::Unconfirmed) } else { defaults.consent };
    CustomerFields {
        first_name,
        last_name,
        full_name,
        phone,
        alias,
        kind: kind.and_then(FanType::customer_type).unwrap_or(CustomerType::Lead),
        source: source.unwrap_or(default_source),
        source_detail,
        consent: consent.unwrap_or(default_consent),
        status: status.unwrap_or(CustomerStatus::Active),
        status_by_hand: status == Some(CustomerStatus::Inactive),
        score,
        total_spent: total_spent.unwrap_or(0),
        imported_spent: total_spent.and_then(|spent| Balance::new(spent, defaults.now)),
        follows_facts: false,
        attributes,
        tags,
        created_at: created_at.unwrap_or(defaults.now),
        last_activity_at,
    }
}

/// Merges one row into an existing customer; `now` is the start of the import.
pub fn apply(fields: &mut CustomerFields, contact: &Contact, policy: Policy, now: Timestamp) {
    // The exhaustive pattern makes the build fail until a new field has its merge rule.
    let Contact {
        email: _,
        first_name,
        last_name,
        full_name,
        phone,
        alias,
        kind,
        source: _,
        source_detail: _,
        consent,
        is_consent_unclear: _,
        status,
        score,
        total_spent,
        attributes,
        tags,
        created_at,
        last_activity_at,
    } = contact;
    let overwrite = policy.values == ValuePolicy::Overwrite;
    if overwrite {
        forget_other_name(fields, contact);
    }
    merge(&mut fields.first_name, first_name.as_ref(), overwrite);
    merge(&mut fields.last_name, last_name.as_ref(), overwrite);
    merge(&mut fields.full_name, full_name.as_ref(), overwrite);
    merge(&mut fields.phone, phone.as_ref(), overwrite);
    merge(&mut fields.alias, alias.as_ref(), overwrite);
    merge(&mut fields.score, score.as_ref(), overwrite);
    for (key, value) in attributes {
        match fields.attributes.get_mut(key) {
            Some(known) if overwrite && known != value => *known = value.clone(),
            Some(_) => {}
            None => {
                fields.attributes.insert(key.clone(), value.clone());
            }
        }
    }
    if let Some(spent) = total_spent {
        note_spent(fields, *spent, overwrite, now);
    }
    if let Some(status) = status
        && overwrite
    {
        fields.note_status_of_file(*status);
    }
    if !tags.is_empty() {
        match policy.tags {
            TagPolicy::Unite => {
                for tag in tags {
                    if !fields.tags.contains(tag) {
                        fields.tags.insert(tag.clone());
                    }
                }
            }
            TagPolicy::Replace => {
                // A retained tag keeps its spelling.
                fields.tags.retain(|tag| tags.contains(tag));
                fields.tags.extend(tags.difference(&fields.tags.clone()).cloned());
            }
        }
    }
    if let Some(kind) = kind.and_then(FanType::customer_type)
        && !fields.follows_facts
    {
        fields.kind = fields.kind.max(kind);
    }
    if let Some(consent) = consent {
        fields.consent = fields.consent.fold(*consent);
    }
    if let Some(at) = created_at {
        fields.created_at = fields.created_at.min(*at);
    }
    fields.last_activity_at = fields.last_activity_at.max(*last_activity_at);
}

/// Removes the current name that a later one contradicts, so that the later one is shown: a full name
/// replaces first and last name, and these replace a full name.
fn forget_other_name(fields: &mut CustomerFields, contact: &Contact) {
    let parts = [&contact.first_name, &contact.last_name];
    let mut said = parts.into_iter().flatten().peekable();
    match &contact.full_name {
        Some(full) if said.peek().is_none() => {
            for known in [&mut fields.first_name, &mut fields.last_name] {
                known.take_if(|part| !name::is_part(part, full));
            }
        }
        None => {
            if let Some(full) = &fields.full_name
                && !said.all(|part| name::is_part(part, full))
            {
                fields.full_name = None;
            }
        }
        Some(_) => {}
    }
}

/// Merges the total spent that a file states. Tracked payments win over a smaller sum, which must be
/// older.
fn note_spent(fields: &mut CustomerFields, spent: i64, overwrite: bool, now: Timestamp) {
    let is_news = match (overwrite, fields.follows_facts) {
        (false, _) => fields.total_spent == 0 && spent > 0,
        (true, true) => spent > fields.total_spent,
        (true, false) => spent != fields.total_spent,
    };
    if is_news {
        (fields.total_spent, fields.imported_spent) = (spent, Balance::new(spent, now));
        if fields.follows_facts {
            fields.kind = fields.kind.max(CustomerType::Paying);
        }
    }
}

fn merge<T: Clone + PartialEq>(known: &mut Option<T>, told: Option<&T>, overwrite: bool) {
    if let Some(told) = told
        && (known.is_none() || (overwrite && known.as_ref() != Some(told)))
    {
        *known = Some(told.clone());
    }
}

text_enum! {
    /// The outcome of a row. Every row has exactly one.
    pub enum Outcome {
        /// The first row of a new customer.
        Created = "created",
        /// The first row of a customer changed by the file.
        Updated = "updated",
        /// The first row of a customer not changed by the file.
        Unchanged = "unchanged",
        /// A further row of the same person; its values are merged.
        DuplicateInFile = "duplicate_in_file",
        /// Not imported; the problem states the reason.
        Invalid = "invalid",
    }
}

/// How many rows had which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tally {
    /// Rows read; the sum of the others.
    pub rows: u64,
    /// See [`Outcome::Created`].
    pub created: u64,
    /// See [`Outcome::Updated`].
    pub updated: u64,
    /// See [`Outcome::Unchanged`].
    pub unchanged: u64,
    /// See [`Outcome::DuplicateInFile`].
    pub duplicate_in_file: u64,
    /// See [`Outcome::Invalid`].
    pub invalid: u64,
}

impl Tally {
    /// Counts one row.
    pub fn count(&mut self, outcome: Outcome) {
        self.rows += 1;
        *self.of(outcome) += 1;
    }

    /// Moves a row from one outcome to another.
    pub fn recount(&mut self, before: Outcome, after: Outcome) {
        *self.of(before) -= 1;
        *self.of(after) += 1;
    }

    /// Whether the outcomes add up to the number of rows.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.created + self.updated + self.unchanged + self.duplicate_in_file + self.invalid == self.rows
    }

    fn of(&mut self, outcome: Outcome) -> &mut u64 {
        match outcome {
            Outcome::Created => &mut self.created,
            Outcome::Updated => &mut self.updated,
            Outcome::Unchanged => &mut self.unchanged,
            Outcome::DuplicateInFile => &mut self.duplicate_in_file,
            Outcome::Invalid => &mut self.invalid,
        }
    }
}

#[cfg(test)]
mod tests;
