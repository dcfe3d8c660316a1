//! Parses one row of a contact file.

use thiserror::Error;

use super::{
    columns::{Column, Mapping},
    consent_cell::{self, Statement},
    dates::{self, DateCell},
    number::{self, DecimalMark},
    safe_cell, tags_cell,
};
use crate::{
    consent::Consent,
    customer::{AttributeValue, CustomerStatus, limits},
    email::{Email, EmailError},
    fan::FanType,
    merge::Contact,
    money::Currency,
    source::Source,
    tag::TagError,
    text,
};

/// Longest accepted cell, in bytes.
pub const MAX_CELL_BYTES: usize = 65_536;

/// The reason why a row is not imported.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RowError {
    /// The e-mail address is missing or invalid.
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
    /// A cell has a control character, such as NUL.
    #[error("The row has a control character.")]
    ControlCharacter,
    /// The bytes are not valid in the file's encoding.
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

/// A warning about a row that is imported nevertheless.
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
    /// An invalid date, ignored.
    #[error("\"{0}\" is not a date and was left out.")]
    Date(String),
    /// An invalid number, ignored.
    #[error("\"{0}\" is not a number and was left out.")]
    Number(String),
    /// An unknown consent: a new customer is unconfirmed, others are unchanged.
    #[error("\"{0}\" is not a known consent; a new contact counts as unconfirmed.")]
    Consent(String),
    /// A truncated text.
    #[error("\"{text}…\" is longer than {limit} characters and was cut off there.")]
    TooLong {
        /// Its beginning.
        text: String,
        /// The length limit in characters.
        limit: usize,
    },
    /// More tags than a contact may have.
    #[error("A contact has at most {0} tags; the others were left out.")]
    TooManyTags(usize),
    /// An unknown value, ignored.
    #[error("\"{0}\" is not a known value and was left out.")]
    Value(String),
    /// An invalid tag, ignored.
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
            Self::TooLong { .. } => "value_cut_off",
            Self::TooManyTags(_) => "too_many_tags",
            Self::Value(_) => "unknown_value",
            Self::Tag(error) => error.code(),
        }
    }
}

/// Parses one row.
///
/// # Errors
/// [`RowError`] if the row cannot be imported.
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
    for (i, (column, cell)) in columns.iter().zip(cells).enumerate() {
        if let Some(cell) = text::non_blank(safe_cell::unescape(text::trim(cell))) {
            let mut reader =
                CellReader { contact: &mut contact, warnings: &mut warnings, mark: mapping.decimal_mark(i) };
            reader.read(column, cell, currency);
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

/// Writes parsed cells to a contact.
struct CellReader<'a> {
    contact: &'a mut Contact,
    warnings: &'a mut Vec<RowWarning>,
    /// The decimal mark of this column.
    mark: DecimalMark,
}

impl CellReader<'_> {
    fn read(&mut self, column: &Column, cell: &str, currency: Currency) {
        match column {
            Column::Email | Column::Ignore => {}
            Column::FirstName => self.contact.first_name = self.text(cell, limits::NAME),
            Column::LastName => self.contact.last_name = self.text(cell, limits::NAME),
            Column::FullName => self.contact.full_name = self.text(cell, limits::NAME),
            Column::Phone => self.contact.phone = self.text(cell, limits::NAME),
            Column::Alias => self.contact.alias = self.text(cell, limits::NAME),
            Column::SourceDetail => self.contact.source_detail = self.text(cell, limits::NAME),
            Column::Attribute { key, .. } => self.attribute(key, cell),
            Column::Remark { key, .. } => {
                self.attribute(key, cell);
                self.remark(cell);
            }
            Column::ListName => {
                self.attribute("list_name", cell);
                if text::fold(cell) == "excluded" {
                    self.consent(Consent::Unsubscribed);
                }
            }
            Column::Tags => self.tags(cell),
            Column::Consent => match consent_cell::state(cell) {
                Some(consent) => self.consent(consent),
                None => self.statement(cell, Some(Consent::Subscribed), Some(Consent::Unconfirmed)),
            },
            Column::Subscribed => {
                self.statement(cell, Some(Consent::Subscribed), Some(Consent::Unsubscribed));
            }
            Column::OptedIn => self.statement(cell, Some(Consent::Subscribed), Some(Consent::Unconfirmed)),
            Column::OptedInAt => {
                self.statement(cell, Some(Consent::Subscribed), Some(Consent::Unconfirmed));
                if let DateCell::At(at) = dates::read(cell) {
                    self.contact.created_at = Some(at);
                }
            }
            Column::OptedOut => self.statement(cell, Some(Consent::Unsubscribed), None),
            Column::Blacklisted => {
                self.statement(cell, Some(Consent::Unsubscribed), Some(Consent::Subscribed));
            }
            Column::Bounced => self.statement(cell, Some(Consent::Bounced), None),
            Column::Complained => self.statement(cell, Some(Consent::Complained), None),
            Column::Type => {
                known(FanType::parse(&text::fold(cell)), cell, &mut self.contact.kind, self.warnings);
            }
            Column::Status => {
                let status = CustomerStatus::parse(&text::fold(cell));
                known(status, cell, &mut self.contact.status, self.warnings);
            }
            Column::Source => {
                known(Source::parse(&text::fold(cell)), cell, &mut self.contact.source, self.warnings);
            }
            Column::Score => match number::plain(cell, self.mark).and_then(|number| read_score(&number)) {
                Some(score) => self.contact.score = Some(score),
                None => self.warnings.push(RowWarning::Number(excerpt(cell))),
            },
            Column::TotalSpent => {
                let minor = number::plain(cell, self.mark).and_then(|number| currency.parse_minor(&number));
                match minor.filter(|minor| *minor >= 0) {
                    Some(minor) => self.contact.total_spent = Some(minor),
                    None => self.warnings.push(RowWarning::Number(excerpt(cell))),
                }
            }
            Column::CreatedAt => date(cell, &mut self.contact.created_at, self.warnings),
            Column::LastActivityAt => date(cell, &mut self.contact.last_activity_at, self.warnings),
        }
    }

    /// Normalises a text to Unicode NFC. Truncates it to `limit` characters, with a warning.
    fn text(&mut self, cell: &str, limit: usize) -> Option<String> {
        let text = text::nfc(cell);
        match text.char_indices().nth(limit) {
            Some((end, _)) if text.len() > limit => {
                self.warnings.push(RowWarning::TooLong { text: excerpt(&text), limit });
                text::non_blank(&text[..end]).map(str::to_owned)
            }
            _ => Some(text.into_owned()),
        }
    }

    fn attribute(&mut self, key: &str, cell: &str) {
        let Some(value) = AttributeValue::from_cell(cell) else { return };
        let value = match value {
            AttributeValue::Text(text) => self.text(&text, limits::ATTRIBUTE).map(AttributeValue::Text),
            AttributeValue::List(values) => {
                let values = values.iter().filter_map(|value| self.text(value, limits::ATTRIBUTE));
                Some(AttributeValue::List(values.collect()))
            }
        };
        if let Some(value) = value {
            self.contact.attributes.insert(key.to_owned(), value);
        }
    }

    fn tags(&mut self, cell: &str) {
        let (mut tags, errors) = tags_cell::read(cell);
        self.warnings.extend(errors.into_iter().map(RowWarning::Tag));
        if tags.len() > limits::ENTRIES {
            self.warnings.push(RowWarning::TooManyTags(limits::ENTRIES));
            tags = tags.into_iter().take(limits::ENTRIES).collect();
        }
        self.contact.tags = tags;
    }

    /// Applies an opt-out in a column that is not about consent.
    fn remark(&mut self, cell: &str) {
        if let Statement::Consent(consent) = consent_cell::read(cell)
            && consent >= Consent::Unsubscribed
        {
            self.consent(consent);
        }
    }

    /// Parses a cell of an event column: whether the event happened, or when.
    fn statement(&mut self, cell: &str, yes: Option<Consent>, no: Option<Consent>) {
        let consent = match consent_cell::read(cell) {
            Statement::Nothing => None,
            Statement::Yes | Statement::Date => yes,
            Statement::No => no,
            Statement::Consent(consent) => Some(consent),
            Statement::Vague(_) | Statement::Unknown => {
                self.warnings.push(RowWarning::Consent(excerpt(cell)));
                self.contact.is_consent_unclear = true;
                None
            }
        };
        if let Some(consent) = consent {
            self.consent(consent);
        }
    }

    /// Merges a consent; the strictest one of a row counts.
    fn consent(&mut self, consent: Consent) {
        self.contact.consent = Some(self.contact.consent.map_or(consent, |known| known.fold(consent)));
    }
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

/// Parses a score; some files write it with decimals.
fn read_score(cell: &str) -> Option<i64> {
    if let Ok(score) = cell.parse() {
        return Some(score);
    }
    let score: f64 = cell.parse().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
    (score.abs() < 1e15).then(|| score.round() as i64)
}

/// An excerpt of a cell for reports.
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
            let expected =
                Contact { is_consent_unclear: header == "Status", ..Contact::new(contact.email.clone()) };
            assert_eq!(contact, expected);
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
