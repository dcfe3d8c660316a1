//! Reasons to reject a file.

use crate::text_enum;

text_enum! {
    /// The reason why a file is rejected. Codes are stable: clients branch on them.
    pub enum RefusalCode {
        /// No bytes, or no header.
        FileEmpty = "file_empty",
        /// Binary data: a spreadsheet, an archive, a picture.
        FileNotText = "file_not_text",
        /// A workbook: it has to be saved as CSV.
        FileSpreadsheet = "file_spreadsheet",
        /// Compressed: it has to be unpacked.
        FileCompressed = "file_compressed",
        /// JSON.
        FileJson = "file_json",
        /// Address-book cards.
        FileVcard = "file_vcard",
        /// A web page or XML, or a login page in place of a file.
        FileMarkup = "file_markup",
        /// The requested encoding does not exist.
        UnknownEncoding = "unknown_encoding",
        /// The first line is a contact, not a header.
        NoHeader = "no_header",
        /// The header is not CSV.
        HeaderUnreadable = "header_unreadable",
        /// More columns than the limit of an import.
        TooManyColumns = "too_many_columns",
        /// More custom fields than the limit of a store.
        TooManyFields = "too_many_fields",
        /// No column has e-mail addresses.
        NoEmailColumn = "no_email_column",
        /// The mapping names a column that the file does not have.
        MappingUnknownColumn = "mapping_unknown_column",
        /// The mapping names a field that does not exist.
        MappingUnknownTarget = "mapping_unknown_target",
        /// Two columns are mapped to one field.
        MappingTargetTwice = "mapping_target_twice",
        /// The file cannot be read.
        FileUnreadable = "file_unreadable",
        /// The file no longer exists.
        FileLost = "file_lost",
        /// Restarted repeatedly without progress.
        GivenUp = "given_up",
    }
}

/// Maximum length of the message, in characters.
const MAX_MESSAGE: usize = 1_000;

/// A rejected file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable code.
    pub code: RefusalCode,
    /// A message for users.
    pub message: String,
}

impl Refusal {
    /// Creates a refusal. The message may quote any text of any length from the file.
    #[must_use]
    pub fn new(code: RefusalCode, message: &str) -> Self {
        let cleaned = message.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c });
        let mut message: String = cleaned.take(MAX_MESSAGE).collect();
        if !message.ends_with('.') {
            message.push_str("….");
        }
        Self { code, message }
    }
}

#[cfg(test)]
mod tests {
    use super::{Refusal, RefusalCode};

    #[test]
    fn a_refusal_is_a_text_that_can_be_stored_whatever_it_quotes() {
        let message = |text: &str| Refusal::new(RefusalCode::NoEmailColumn, text).message;
        assert_eq!(message("The columns are: a\u{0}b\nc."), "The columns are: a\u{fffd}b\u{fffd}c.");
        assert_eq!(message(&format!("{}.", "é".repeat(5_000))).chars().count(), 1_002);
    }
}
