//! Maps the columns of a contact file to fields.
//!
//! Recognises the headers of mail services, of spreadsheets in several languages, and of our own
//! export. An unknown column becomes a custom field.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use super::{
    headers::{self, FIXED, squash},
    number::DecimalMark,
    refusal::RefusalCode,
};
use crate::{custom_field, text};

pub use super::headers::is_activecampaign;

/// The field that a column is mapped to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// The e-mail address.
    Email,
    /// First name.
    FirstName,
    /// Last name.
    LastName,
    /// Full name.
    FullName,
    /// Phone number.
    Phone,
    /// Alias.
    Alias,
    /// Fan type.
    Type,
    /// Consent, in the words of any mail service.
    Consent,
    /// Yes or a date: subscribed. No: unsubscribed.
    Subscribed,
    /// Yes or a date: subscribed. No: unconfirmed.
    OptedIn,
    /// Date of the opt-in, which is also the creation date.
    OptedInAt,
    /// Yes or a date: unsubscribed. No is ignored.
    OptedOut,
    /// The block list of a mail service. Yes: unsubscribed. No: subscribed.
    Blacklisted,
    /// Yes or a date: bounced.
    Bounced,
    /// Yes or a date: complained.
    Complained,
    /// Active or inactive.
    Status,
    /// The source of the contact.
    Source,
    /// Details of the source.
    SourceDetail,
    /// Points.
    Score,
    /// Decimal amount in the store's currency.
    TotalSpent,
    /// Tags.
    Tags,
    /// Creation date.
    CreatedAt,
    /// Date of the last activity.
    LastActivityAt,
    /// The list from which the row was exported; "Excluded" means unsubscribed.
    ListName,
    /// A profile attribute or custom field.
    Attribute {
        /// Its key.
        key: String,
        /// Its label.
        label: String,
    },
    /// A custom field in which words that only mean an opt-out, such as "unsubscribed", are applied.
    Remark {
        /// Its key.
        key: String,
        /// Its label.
        label: String,
    },
    /// Ignored.
    Ignore,
}

/// The consent columns, of which a file may have several, and their names in a mapping.
const CONSENT: [(Column, &str); 7] = [
    (Column::Subscribed, "subscribed"),
    (Column::OptedIn, "opted_in"),
    (Column::OptedInAt, "opted_in_at"),
    (Column::OptedOut, "opted_out"),
    (Column::Blacklisted, "blacklisted"),
    (Column::Bounced, "bounced"),
    (Column::Complained, "complained"),
];

impl Column {
    /// The name of the field in an explicit mapping.
    #[must_use]
    pub fn target(&self) -> String {
        let fixed = FIXED.iter().map(|(column, name, _)| (column, *name));
        let mut named = fixed.chain(CONSENT.iter().map(|(column, name)| (column, *name)));
        match self {
            Self::Attribute { key, .. } | Self::Remark { key, .. } => format!("attribute:{key}"),
            Self::ListName => "list_name".to_owned(),
            _ => named.find(|(column, _)| *column == self).map_or("ignore", |(_, name)| name).to_owned(),
        }
    }

    /// Parses the name of a field; an attribute gets the column's header as its label.
    #[must_use]
    pub fn from_target(target: &str, header: &str) -> Option<Self> {
        match target {
            "ignore" => return Some(Self::Ignore),
            "list_name" => return Some(Self::ListName),
            _ => {}
        }
        if let Some(key) = target.strip_prefix("attribute:") {
            let label = custom_field::known_label(key).map_or_else(|| label_of(header), str::to_owned);
            return (custom_field::key_from_label(key) == key && !key.is_empty())
                .then(|| Self::Attribute { key: key.to_owned(), label });
        }
        let fixed = FIXED.iter().map(|(column, name, _)| (column, *name));
        let mut named = fixed.chain(CONSENT.iter().map(|(column, name)| (column, *name)));
        named.find(|(_, name)| *name == target).map(|(column, _)| column.clone())
    }

    /// Whether several columns may be mapped to it.
    fn is_repeatable(&self) -> bool {
        *self == Self::Ignore || CONSENT.iter().any(|(column, _)| column == self)
    }
}

/// The mapping of a file's columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    columns: Vec<Column>,
    /// Whether each column was mapped explicitly.
    explicit: Vec<bool>,
    /// The decimal mark of each column.
    pub(super) decimals: Vec<DecimalMark>,
    pub(super) is_ours: bool,
    pub(super) is_mail_service: bool,
}

/// The reason why a header cannot be mapped.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum MappingError {
    /// No column with e-mail addresses.
    #[error("The file has no e-mail column. Its columns are: {0}.")]
    NoEmailColumn(String),
    /// The explicit mapping names a column that is not in the file.
    #[error("The mapping names the column \"{0}\", which the file does not have.")]
    UnknownColumn(String),
    /// The explicit mapping names a field that does not exist.
    #[error("\"{0}\" is not a field that a column can be mapped to.")]
    UnknownTarget(String),
    /// Two columns are mapped to the same field.
    #[error("Two columns are mapped to \"{0}\".")]
    TargetTwice(String),
}

impl MappingError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> RefusalCode {
        match self {
            Self::NoEmailColumn(_) => RefusalCode::NoEmailColumn,
            Self::UnknownColumn(_) => RefusalCode::MappingUnknownColumn,
            Self::UnknownTarget(_) => RefusalCode::MappingUnknownTarget,
            Self::TargetTwice(_) => RefusalCode::MappingTargetTwice,
        }
    }
}

impl Mapping {
    /// Recognises the columns of a header. `explicit` maps headers to fields, and takes precedence.
    ///
    /// # Errors
    /// [`MappingError`], if no column has e-mail addresses or the explicit mapping does not fit.
    pub fn recognise(header: &[&str], explicit: &BTreeMap<String, String>) -> Result<Self, MappingError> {
        let mapping = Self::guess(header, explicit)?;
        if !mapping.columns.contains(&Column::Email) {
            return Err(MappingError::NoEmailColumn(header.join(", ")));
        }
        Ok(mapping)
    }

    /// Recognises the columns of a header, which need not include e-mail addresses.
    ///
    /// # Errors
    /// [`MappingError`], if the explicit mapping does not fit.
    pub fn guess(header: &[&str], explicit: &BTreeMap<String, String>) -> Result<Self, MappingError> {
        for name in explicit.keys() {
            if !header.iter().any(|cell| text::trim(cell) == text::trim(name)) {
                return Err(MappingError::UnknownColumn(name.clone()));
            }
        }
        let mut chosen: Vec<Option<Column>> = vec![None; header.len()];
        let mut taken = BTreeSet::new();
        for (slot, cell) in chosen.iter_mut().zip(header) {
            let Some((_, target)) = explicit.iter().find(|(name, _)| text::trim(name) == text::trim(cell))
            else {
                continue;
            };
            let column = Column::from_target(target, cell)
                .ok_or_else(|| MappingError::UnknownTarget(target.clone()))?;
            if !taken.insert(column.target()) && !column.is_repeatable() {
                return Err(MappingError::TargetTwice(target.clone()));
            }
            *slot = Some(column);
        }
        Ok(Self::fill_in(header, chosen, taken))
    }

    /// Recognises the columns of a header without an explicit mapping.
    #[must_use]
    pub fn of_headers(header: &[&str]) -> Self {
        Self::fill_in(header, vec![None; header.len()], BTreeSet::new())
    }

    fn fill_in(header: &[&str], mut chosen: Vec<Option<Column>>, mut taken: BTreeSet<String>) -> Self {
        let explicit = chosen.iter().map(Option::is_some).collect();
        let is_ours = headers::is_own_export(header);
        if !is_ours {
            for (i, cell) in header.iter().enumerate() {
                if chosen[i].is_none() {
                    let part = headers::part_of_name(cell, header);
                    chosen[i] = part.filter(|column| taken.insert(column.target()));
                }
            }
        }
        // The table is in order of preference: of two candidates, such as "Consent" and "Status" or two
        // score columns, the second one becomes a custom field.
        for (column, name, headers) in &FIXED {
            let fits = |&i: &usize| chosen[i].is_none() && headers::names_one_of(header[i], headers);
            if let Some(i) = (0..header.len()).find(fits)
                && taken.insert((*name).to_owned())
            {
                chosen[i] = Some(column.clone());
            }
        }
        for (i, cell) in header.iter().enumerate().filter(|_| !is_ours) {
            if chosen[i].is_none() {
                chosen[i] = consent_column(cell, &mut taken);
            }
        }
        let columns: Vec<Column> = chosen
            .into_iter()
            .zip(header)
            .enumerate()
            .map(|(i, (column, cell))| column.unwrap_or_else(|| other(i, cell, is_ours, &mut taken)))
            .collect();
        let decimals = vec![DecimalMark::Point; columns.len()];
        let is_mail_service = headers::is_mail_service(header);
        Self { columns, explicit, decimals, is_ours, is_mail_service }
    }

    /// The field of each column, in file order.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The decimal mark of a column.
    #[must_use]
    pub fn decimal_mark(&self, index: usize) -> DecimalMark {
        self.decimals.get(index).copied().unwrap_or(DecimalMark::Point)
    }

    /// Whether a column was mapped explicitly.
    pub(super) fn is_explicit(&self, index: usize) -> bool {
        self.explicit.get(index).copied().unwrap_or_default()
    }

    /// Maps a column to another field.
    pub(super) fn set(&mut self, index: usize, column: Column) {
        self.columns[index] = column;
    }

    /// Maps a column to a custom field named like its header.
    pub(super) fn keep_as_field(&mut self, index: usize, header: &str) {
        let mut taken: BTreeSet<String> = self.columns.iter().map(Column::target).collect();
        self.columns[index] = as_attribute(index, header, &mut taken);
    }

    /// The custom fields of the file: key and label.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns.iter().filter_map(|column| match column {
            Column::Attribute { key, label } | Column::Remark { key, label } => {
                Some((key.as_str(), label.as_str()))
            }
            _ => None,
        })
    }
}

/// The consent column of a header. At most one column can be the creation date.
fn consent_column(header: &str, taken: &mut BTreeSet<String>) -> Option<Column> {
    match headers::consent_column(header)? {
        Column::OptedInAt if !taken.insert("created_at".to_owned()) => Some(Column::OptedIn),
        column => Some(column),
    }
}

fn other(index: usize, cell: &str, is_ours: bool, taken: &mut BTreeSet<String>) -> Column {
    // Our own export has this column before all custom fields; an import cannot create accounts.
    if squash(cell) == "hasaccount" && taken.insert("has_account".to_owned()) {
        return Column::Ignore;
    }
    if !is_ours && squash(cell) == "listname" && taken.insert("list_name".to_owned()) {
        return Column::ListName;
    }
    as_attribute(index, cell, taken)
}

fn as_attribute(index: usize, cell: &str, taken: &mut BTreeSet<String>) -> Column {
    let label = match label_of(cell) {
        label if label.is_empty() => format!("Column {}", index + 1),
        label => label,
    };
    let base = match custom_field::key_from_label(&label) {
        key if key.is_empty() => format!("column_{}", index + 1),
        key => key,
    };
    let key = (1..)
        .map(|n| if n == 1 { base.clone() } else { numbered(&base, n) })
        .find(|key| taken.insert(format!("attribute:{key}")))
        .unwrap_or(base);
    Column::Attribute { key, label }
}

/// A numbered variant of `base` within the length limit of keys.
fn numbered(base: &str, n: usize) -> String {
    let suffix = format!("_{n}");
    base.chars().take(custom_field::MAX_KEY_LENGTH - suffix.len()).chain(suffix.chars()).collect()
}

/// The label of a column: the printable text of its header.
fn label_of(header: &str) -> String {
    let shown = header.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let shown: String = shown.filter(|c| !c.is_control()).collect();
    text::nfc(headers::clean(&shown)).chars().take(custom_field::MAX_LABEL_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(header: &[&str]) -> Vec<String> {
        Mapping::recognise(header, &BTreeMap::new()).unwrap().columns().iter().map(Column::target).collect()
    }

    #[test]
    fn headers_of_the_services_are_recognised() {
        for (header, expected) in [
            (
                vec!["Email", "First Name", "Last Name", "Phone", "Tags", "Date Created", "IP", "Status"],
                vec![
                    "email",
                    "first_name",
                    "last_name",
                    "phone",
                    "tags",
                    "created_at",
                    "attribute:ip",
                    "consent",
                ],
            ),
            (
                vec![
                    "\u{FEFF}E-MAIL ADDRESS ",
                    "*Score 7",
                    "Score",
                    "*DAW",
                    "*Music Alias",
                    "*Favourite Plugin",
                ],
                vec![
                    "email",
                    "score",
                    "attribute:score",
                    "attribute:daw",
                    "alias",
                    "attribute:favourite_plugin",
                ],
            ),
            (
                vec!["EMAIL", "LASTNAME", "FIRSTNAME", "SMS", "EMAIL_BLACKLISTED", "ADDED_TIME"],
                vec!["email", "last_name", "first_name", "phone", "blacklisted", "created_at"],
            ),
            (
                vec!["first_name", "email", "created_at", "status"],
                vec!["first_name", "email", "created_at", "consent"],
            ),
            (vec!["email", "name", "attributes"], vec!["email", "name", "attribute:attributes"]),
            (
                vec![
                    "Email",
                    "Consent",
                    "Status",
                    "Email Address",
                    "",
                    "Foo",
                    "foo",
                    "Has Account",
                    "List Name",
                ],
                vec![
                    "email",
                    "consent",
                    "attribute:status",
                    "attribute:email_address",
                    "attribute:column_5",
                    "attribute:foo",
                    "attribute:foo_2",
                    "ignore",
                    "list_name",
                ],
            ),
        ] {
            assert_eq!(targets(&header), expected, "{header:?}");
        }
    }

    #[test]
    fn any_header_becomes_a_field_that_can_be_stored() {
        let long = "Why? ".repeat(2_000);
        let header = ["Email", "Na\u{0}me of\u{7} dog", &long, &long];
        let mapping = Mapping::recognise(&header, &BTreeMap::new()).unwrap();
        let fields: Vec<(&str, &str)> = mapping.attributes().collect();
        assert_eq!(fields[0], ("name_of_dog", "Name of dog"));
        assert_ne!(fields[1].0, fields[2].0);
        for (key, label) in fields {
            assert!(key.len() <= 60 && label.len() <= 200, "{key} {label}");
            assert_eq!(custom_field::key_from_label(key), key);
        }
    }

    #[test]
    fn in_our_own_export_further_columns_are_custom_fields() {
        let header = ["Email", "Consent", "Activity Status", "List Name", "Email Blacklisted", "Has Account"];
        let expected =
            ["email", "consent", "status", "attribute:list_name", "attribute:email_blacklisted", "ignore"];
        assert_eq!(targets(&header), expected);
        assert_eq!(targets(&header[..2])[1], "consent");
        let theirs = ["Email", "Status", "List Name", "Email Blacklisted"];
        assert_eq!(targets(&theirs), ["email", "consent", "list_name", "blacklisted"]);
    }

    #[test]
    fn an_explicit_mapping_wins_and_is_checked() {
        let explicit = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|&(a, b)| (a.to_owned(), b.to_owned())).collect::<BTreeMap<_, _>>()
        };
        let header = ["Kontakt", "Email", "Notes"];
        let mapping =
            Mapping::recognise(&header, &explicit(&[("Kontakt", "email"), ("Notes", "ignore")])).unwrap();
        assert_eq!(mapping.columns()[0], Column::Email);
        assert_eq!(mapping.columns()[1].target(), "attribute:email");
        assert_eq!(mapping.columns()[2], Column::Ignore);
        for (pairs, code) in [
            (vec![("Nope", "email")], "mapping_unknown_column"),
            (vec![("Notes", "nope")], "mapping_unknown_target"),
            (vec![("Notes", "email"), ("Kontakt", "email")], "mapping_target_twice"),
            (vec![("Email", "ignore")], "no_email_column"),
        ] {
            assert_eq!(Mapping::recognise(&header, &explicit(&pairs)).unwrap_err().code().as_str(), code);
        }
    }
}
