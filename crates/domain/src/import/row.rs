//! What one row of a contact file says.

use thiserror::Error;

use super::{
    columns::{Column, Mapping},
    dates::{self, DateCell},
    safe_cell, tags_cell,
};
use crate::{
    consent::Consent,
    customer::{AttributeValue, CustomerStatus},
    email::{Email, EmailError},
    fan::FanType,
    merge::Contact,
    money::Currency,
    source::Source,
    tag::TagError,
    text,
};

/// Longest cell that is read, in bytes.
pub const MAX_CELL_BYTES: usize = 65_536;

/// Why a row is not imported.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RowError {
    /// The address is missing or none.
    #[error("{0}")]
    Email(#[from] EmailError),
    /// There is data beyond the header's last column.
    #[error("The row has {found} cells, but the header has {expected} columns.")]
    TooManyCells {
        /// Columns of the header.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// A cell is larger than 64 KiB, which is most often an unclosed quote.
    #[error("The cell in column \"{0}\" is longer than 64 KiB; perhaps a quote is not closed.")]
    CellTooLong(usize),
    /// A cell has a character that no text has, such as NUL.
    #[error("The row has a control character.")]
    ControlCharacter,
    /// Bytes that are not text in the file's encoding.
    #[error("The row is not valid text in the encoding of the file.")]
    Encoding,
}

impl RowError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Email(error) => error.code(),
            Self::TooManyCells { .. } => "too_many_cells",
            Self::CellTooLong(_) => "cell_too_long",
            Self::ControlCharacter => "control_character",
            Self::Encoding => "invalid_encoding",
        }
    }
}

/// What was odd about a row that is imported all the same.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RowWarning {
    /// Cells are missing at the end; they count as blank.
    #[error("The row has {found} cells, but the header has {expected} columns; the rest counts as blank.")]
    ShortRow {
        /// Columns of the header.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// A date that cannot be read is left out.
    #[error("\"{0}\" is not a date and was left out.")]
    Date(String),
    /// A number that cannot be read is left out.
    #[error("\"{0}\" is not a number and was left out.")]
    Number(String),
    /// A consent nobody knows: the person is taken as unconfirmed.
    #[error("\"{0}\" is not a known status; the contact counts as unconfirmed.")]
    Consent(String),
    /// A word nobody knows, left out.
    #[error("\"{0}\" is not a known value and was left out.")]
    Value(String),
    /// A tag that is none, left out.
    #[error("A tag was left out: {0}")]
    Tag(TagError),
}

impl RowWarning {
    /// The stable code of this warning.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ShortRow { .. } => "short_row",
            Self::Date(_) => "unreadable_date",
            Self::Number(_) => "unreadable_number",
            Self::Consent(_) => "unknown_status",
            Self::Value(_) => "unknown_value",
            Self::Tag(error) => error.code(),
        }
    }
}

/// Reads one row.
///
/// # Errors
/// Returns why the row is not imported.
pub fn read(
    mapping: &Mapping,
    cells: &[&str],
    currency: Currency,
) -> Result<(Contact, Vec<RowWarning>), RowError> {
    let columns = mapping.columns();
    let mut warnings = Vec::new();
    check_shape(columns.len(), cells, &mut warnings)?;
    let email = columns.iter().position(|column| *column == Column::Email).and_then(|i| cells.get(i));
    let mut contact = Contact::new(Email::parse(safe_cell::unescape(email.unwrap_or(&"")))?);
    for (column, cell) in columns.iter().zip(cells) {
        if let Some(cell) = text::non_blank(safe_cell::unescape(cell)) {
            read_cell(&mut contact, column, cell, currency, &mut warnings);
        }
    }
    Ok((contact, warnings))
}

fn check_shape(expected: usize, cells: &[&str], warnings: &mut Vec<RowWarning>) -> Result<(), RowError> {
    let found = cells.len();
    if let Some(i) = cells.iter().position(|cell| cell.len() > MAX_CELL_BYTES) {
        return Err(RowError::CellTooLong(i + 1));
    }
    if cells.iter().any(|cell| cell.bytes().any(|b| b < b' ' && !matches!(b, b'\n' | b'\r' | b'\t'))) {
        return Err(RowError::ControlCharacter);
    }
    if found > expected && cells[expected..].iter().any(|cell| text::non_blank(cell).is_some()) {
        return Err(RowError::TooManyCells { expected, found });
    }
    if found < expected {
        warnings.push(RowWarning::ShortRow { expected, found });
    }
    Ok(())
}

fn read_cell(
    contact: &mut Contact,
    column: &Column,
    cell: &str,
    currency: Currency,
    warnings: &mut Vec<RowWarning>,
) {
    let owned = || Some(cell.to_owned());
    match column {
        Column::Email | Column::Ignore => {}
        Column::FirstName => contact.first_name = owned(),
        Column::LastName => contact.last_name = owned(),
        Column::FullName => contact.full_name = owned(),
        Column::Phone => contact.phone = owned(),
        Column::Alias => contact.alias = owned(),
        Column::SourceDetail => contact.source_detail = owned(),
        Column::Attribute { key, .. } => {
            if let Some(value) = AttributeValue::from_cell(cell) {
                contact.attributes.insert(key.clone(), value);
            }
        }
        Column::ListName => {
            if let Some(value) = AttributeValue::from_cell(cell) {
                contact.attributes.insert("list_name".to_owned(), value);
            }
            if text::fold(cell) == "excluded" {
                lower_consent(contact, Consent::Unsubscribed);
            }
        }
        Column::Tags => {
            let (tags, errors) = tags_cell::read(cell);
            contact.tags = tags;
            warnings.extend(errors.into_iter().map(RowWarning::Tag));
        }
        Column::Consent => match read_consent(cell) {
            Some(consent) => lower_consent(contact, consent),
            None => {
                warnings.push(RowWarning::Consent(excerpt(cell)));
                lower_consent(contact, Consent::Unconfirmed);
            }
        },
        Column::Blacklisted => match text::yes_or_no(cell) {
            Some(true) => lower_consent(contact, Consent::Unsubscribed),
            Some(false) => {}
            None => warnings.push(RowWarning::Value(excerpt(cell))),
        },
        Column::Type => known(FanType::parse(&text::fold(cell)), cell, &mut contact.kind, warnings),
        Column::Status => {
            known(CustomerStatus::parse(&text::fold(cell)), cell, &mut contact.status, warnings)
        }
        Column::Source => known(Source::parse(&text::fold(cell)), cell, &mut contact.source, warnings),
        Column::Score => match read_score(cell) {
            Some(score) => contact.score = Some(score),
            None => warnings.push(RowWarning::Number(excerpt(cell))),
        },
        Column::TotalSpent => match currency.parse_minor(cell).filter(|minor| *minor >= 0) {
            Some(minor) => contact.total_spent = Some(minor),
            None => warnings.push(RowWarning::Number(excerpt(cell))),
        },
        Column::CreatedAt => date(cell, &mut contact.created_at, warnings),
        Column::LastActivityAt => date(cell, &mut contact.last_activity_at, warnings),
    }
}

fn lower_consent(contact: &mut Contact, consent: Consent) {
    contact.consent = Some(contact.consent.map_or(consent, |known| known.fold(consent)));
}

fn known<T>(value: Option<T>, cell: &str, into: &mut Option<T>, warnings: &mut Vec<RowWarning>) {
    match value {
        Some(value) => *into = Some(value),
        None => warnings.push(RowWarning::Value(excerpt(cell))),
    }
}

fn date(cell: &str, into: &mut Option<crate::time::Timestamp>, warnings: &mut Vec<RowWarning>) {
    match dates::read(cell) {
        DateCell::At(at) => *into = Some(at),
        DateCell::Blank => {}
        DateCell::Unreadable => warnings.push(RowWarning::Date(excerpt(cell))),
    }
}

/// Consent in the words and numbers that mail services write.
fn read_consent(cell: &str) -> Option<Consent> {
    Some(match text::fold(cell).as_str() {
        "1" | "active" | "subscribed" | "enabled" | "confirmed" => Consent::Subscribed,
        "0" | "unconfirmed" | "pending" | "inactive" => Consent::Unconfirmed,
        "2" | "unsubscribed" | "cancelled" | "blocklisted" | "cleaned" => Consent::Unsubscribed,
        "3" | "bounced" => Consent::Bounced,
        "complained" => Consent::Complained,
        _ => return None,
    })
}

/// Points; files write them with decimals now and then.
fn read_score(cell: &str) -> Option<i64> {
    if let Ok(score) = cell.parse() {
        return Some(score);
    }
    let score: f64 = cell.parse().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
    (score.abs() < 1e15).then(|| score.round() as i64)
}

/// Enough of a cell to recognise it, without copying a page into a report.
fn excerpt(cell: &str) -> String {
    cell.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn mapping(header: &[&str]) -> Mapping {
        Mapping::recognise(header, &BTreeMap::new()).unwrap()
    }

    fn read_row(header: &[&str], cells: &[&str]) -> Result<(Contact, Vec<RowWarning>), RowError> {
        read(&mapping(header), cells, Currency::parse("USD").unwrap())
    }

    #[test]
    fn a_row_says_what_its_cells_say() {
        let header =
            ["Email", "First Name", "Tags", "Score", "*DAW", "Status", "Date Created", "Total Spent"];
        let cells = [
            " Ava@X.com ",
            "Ava",
            "vip,edm",
            "12.0",
            "||Reaper||Live||",
            "2",
            "0000-00-00 00:00:00",
            "12.50",
        ];
        let (contact, warnings) = read_row(&header, &cells).unwrap();
        assert!(warnings.is_empty());
        assert_eq!(contact.email.typed(), "Ava@X.com");
        assert_eq!(contact.first_name.as_deref(), Some("Ava"));
        assert_eq!(contact.tags.len(), 2);
        assert_eq!((contact.score, contact.total_spent), (Some(12), Some(1250)));
        assert_eq!(contact.consent, Some(Consent::Unsubscribed));
        assert_eq!(contact.created_at, None);
        assert_eq!(
            contact.attributes["daw"],
            AttributeValue::List(vec!["Reaper".to_owned(), "Live".to_owned()])
        );
    }

    #[test]
    fn rows_of_the_wrong_length_shift_nothing() {
        let header = ["Email", "First Name", "Last Name"];
        let (short, warnings) = read_row(&header, &["a@x.com", "Ava"]).unwrap();
        assert_eq!((short.first_name.as_deref(), short.last_name), (Some("Ava"), None));
        assert_eq!(warnings[0].code(), "short_row");
        assert!(read_row(&header, &["a@x.com", "Ava", "Lind", " ", ""]).unwrap().1.is_empty());
        assert_eq!(read_row(&header, &["a@x.com", "Ava", "Lind", "x"]).unwrap_err().code(), "too_many_cells");
    }

    #[test]
    fn what_cannot_be_read_is_told_and_left_out() {
        for (header, cell, code) in [
            ("Date Created", "soon", "unreadable_date"),
            ("Score", "many", "unreadable_number"),
            ("Total Spent", "-5", "unreadable_number"),
            ("Type", "king", "unknown_value"),
            ("Status", "dormant", "unknown_status"),
        ] {
            let (contact, warnings) = read_row(&["Email", header], &["a@x.com", cell]).unwrap();
            assert_eq!(warnings[0].code(), code, "{header}");
            let expected = (header == "Status").then_some(Consent::Unconfirmed);
            assert_eq!(contact, Contact { consent: expected, ..Contact::new(contact.email.clone()) });
        }
    }

    #[test]
    fn the_excluded_list_is_not_to_be_mailed() {
        let (contact, _) =
            read_row(&["Email", "List Name", "Status"], &["a@x.com", "Excluded", "Active"]).unwrap();
        assert_eq!(contact.consent, Some(Consent::Unsubscribed));
    }

    proptest! {
        #[test]
        fn any_row_is_read_without_panic(cells in prop::collection::vec("\\PC*", 0..10)) {
            let header = ["Email", "Tags", "Status", "Score", "Date Created", "Total Spent", "X"];
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            let _ = read_row(&header, &cells);
        }
    }
}
