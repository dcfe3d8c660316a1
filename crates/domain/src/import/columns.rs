//! Which column of a contact file means what.
//!
//! Recognised are the headers that ActiveCampaign, Mailchimp, Brevo, Kit, Systeme.io
//! and listmonk write, and our own export. A column nobody knows becomes a custom field.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use super::{refusal::RefusalCode, safe_cell};
use crate::{custom_field, text};

/// What a column means.
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
    /// Consent, in the words of any of the services.
    Consent,
    /// Blacklisted for mail: a true value means unsubscribed.
    Blacklisted,
    /// Active or inactive.
    Status,
    /// Where the person came from.
    Source,
    /// More of it.
    SourceDetail,
    /// Points.
    Score,
    /// Decimal amount in the store's currency.
    TotalSpent,
    /// Tags.
    Tags,
    /// When the person became known.
    CreatedAt,
    /// When anything was last heard of them.
    LastActivityAt,
    /// The list a row was exported from; one called "Excluded" is not to be mailed.
    ListName,
    /// A profile attribute or custom field.
    Attribute {
        /// Its key.
        key: String,
        /// Its label.
        label: String,
    },
    /// Not read.
    Ignore,
}

impl Column {
    /// The name by which an explicit mapping calls this meaning.
    #[must_use]
    pub fn target(&self) -> String {
        match self {
            Self::Attribute { key, .. } => format!("attribute:{key}"),
            Self::Ignore => "ignore".to_owned(),
            Self::ListName => "list_name".to_owned(),
            fixed => FIXED
                .iter()
                .find(|(column, ..)| column == fixed)
                .map_or("ignore", |(_, name, _)| name)
                .to_owned(),
        }
    }

    /// Reads the name of a meaning; an attribute gets the column's header as its label.
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
        FIXED.iter().find(|(_, name, _)| *name == target).map(|(column, ..)| column.clone())
    }
}

/// Column, name in an explicit mapping, headers that mean it (folded, letters and digits only).
const FIXED: [(Column, &str, &[&str]); 18] = [
    (Column::Email, "email", &["email", "emailaddress", "mail", "contactemail", "subscriberemail"]),
    (Column::FirstName, "first_name", &["firstname", "fname", "givenname"]),
    (Column::LastName, "last_name", &["lastname", "lname", "surname", "familyname"]),
    (Column::FullName, "name", &["name", "fullname", "contactname"]),
    (Column::Phone, "phone", &["phone", "phonenumber", "sms", "mobile"]),
    (Column::Alias, "alias", &["alias", "musicalias", "artistname"]),
    (Column::Type, "type", &["type", "fantype"]),
    (Column::Consent, "consent", &["consent"]),
    (Column::Consent, "consent", &["status", "subscriptionstatus", "emailstatus"]),
    (Column::Blacklisted, "blacklisted", &["emailblacklisted"]),
    (Column::Status, "status", &["activitystatus"]),
    (Column::Source, "source", &["source"]),
    (Column::SourceDetail, "source_detail", &["sourcedetail"]),
    (Column::Score, "score", &["score"]),
    (Column::TotalSpent, "total_spent", &["totalspent"]),
    (Column::Tags, "tags", &["tags", "tag"]),
    (
        Column::CreatedAt,
        "created_at",
        &["datecreated", "createdat", "created", "dateregistered", "addedtime", "optintime", "dateadded"],
    ),
    (Column::LastActivityAt, "last_activity_at", &["lastactivityat", "lastopendate", "lastactivity"]),
];

/// What columns a file has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    columns: Vec<Column>,
}

/// Why a header cannot be mapped.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum MappingError {
    /// No column holds addresses.
    #[error("The file has no e-mail column. Its columns are: {0}.")]
    NoEmailColumn(String),
    /// The explicit mapping names a column that is not in the file.
    #[error("The mapping names the column \"{0}\", which the file does not have.")]
    UnknownColumn(String),
    /// The explicit mapping names a meaning that does not exist.
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
    /// Recognises the columns of a header; `explicit` maps headers to targets and wins.
    ///
    /// # Errors
    /// Returns why the header cannot be mapped.
    pub fn recognise(header: &[&str], explicit: &BTreeMap<String, String>) -> Result<Self, MappingError> {
        let mapping = Self::guess(header, explicit)?;
        if !mapping.columns.contains(&Column::Email) {
            return Err(MappingError::NoEmailColumn(header.join(", ")));
        }
        Ok(mapping)
    }

    /// What the columns of a header seem to mean, whether or not one of them holds addresses.
    ///
    /// # Errors
    /// Returns why the explicit mapping does not fit.
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
            if column != Column::Ignore && !taken.insert(column.target()) {
                return Err(MappingError::TargetTwice(target.clone()));
            }
            *slot = Some(column);
        }
        let is_ours = is_own_export(header);
        // The table is in order of preference, so a file that has both "Consent" and
        // "Status" (or two score columns) keeps the second as a custom field.
        for (column, name, headers) in FIXED.iter().filter(|(column, ..)| !is_ours || is_exported(column)) {
            let found = (0..header.len()).find(|&i| chosen[i].is_none() && names_one_of(header[i], headers));
            if let Some(i) = found
                && taken.insert((*name).to_owned())
            {
                chosen[i] = Some(column.clone());
            }
        }
        let columns = chosen
            .into_iter()
            .zip(header)
            .enumerate()
            .map(|(i, (column, cell))| column.unwrap_or_else(|| other(i, cell, is_ours, &mut taken)))
            .collect();
        Ok(Self { columns })
    }

    /// The meaning of each column, in file order.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The attributes that the file brings: key and label.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns.iter().filter_map(|column| match column {
            Column::Attribute { key, label } => Some((key.as_str(), label.as_str())),
            _ => None,
        })
    }
}

/// Whether a header looks like a file of ActiveCampaign: it marks custom fields with
/// `*`, or has columns that nobody else writes.
#[must_use]
pub fn is_activecampaign(header: &[&str]) -> bool {
    let known = ["opensemail", "clickslinks", "lastopendate", "dateofbirth", "listname"];
    header.iter().any(|cell| text::trim(cell).starts_with('*') || known.contains(&squash(cell).as_str()))
        || (header.iter().any(|cell| squash(cell) == "datecreated")
            && header.iter().any(|cell| squash(cell) == "ip"))
}

fn names_one_of(cell: &str, names: &[&str]) -> bool {
    let squashed = squash(cell);
    // ActiveCampaign numbers its scores: "*Score 7".
    let numbered_score = names == ["score"]
        && squashed.strip_prefix("score").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    numbered_score || names.contains(&squashed.as_str())
}

/// Whether we wrote the file ourselves: nobody else has these columns side by side. Everything
/// that is known of a person then has a column of its own, and any other is a custom field, be
/// it named "List Name" or "Email Blacklisted": it must not unsubscribe anybody.
fn is_own_export(header: &[&str]) -> bool {
    let has = |name: &str| header.iter().any(|cell| squash(cell) == name);
    has("consent") && has("activitystatus")
}

/// Whether our own export has a column of this meaning.
fn is_exported(column: &Column) -> bool {
    !matches!(column, Column::Blacklisted)
}

fn other(index: usize, cell: &str, is_ours: bool, taken: &mut BTreeSet<String>) -> Column {
    // Our own export says so, before all custom fields; an import cannot make accounts.
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

/// A key that differs from `base` by its number, and is as short as keys are.
fn numbered(base: &str, n: usize) -> String {
    let suffix = format!("_{n}");
    base.chars().take(custom_field::MAX_KEY_LENGTH - suffix.len()).chain(suffix.chars()).collect()
}

/// The label of a column: what can be shown of its header.
fn label_of(header: &str) -> String {
    let shown = header.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let shown: String = shown.filter(|c| !c.is_control()).collect();
    clean(&shown).chars().take(custom_field::MAX_LABEL_LENGTH).collect()
}

/// A header without what surrounds its name: white space, the mark of a custom field, and the one
/// that keeps a spreadsheet from running it.
fn clean(cell: &str) -> &str {
    text::trim(text::trim(safe_cell::unescape(text::trim(cell))).trim_start_matches('*'))
}

fn squash(cell: &str) -> String {
    text::fold(clean(cell)).chars().filter(|c| c.is_alphanumeric()).collect()
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
