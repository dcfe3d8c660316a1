//! `/api/v1/stores/{store_id}/imports`

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    consent::Consent,
    ids::ImportId,
    import::{number::DecimalMark, refusal::RefusalCode},
    merge::{TagPolicy, Tally, ValuePolicy},
    text_enum,
    time::Timestamp,
};

text_enum! {
    /// Whether the people of a file agreed to be mailed, where the file does not say.
    pub enum ImportConsent {
        /// They agreed; the importing person answers for it.
        Subscribed = "subscribed",
        /// It is not known.
        Unconfirmed = "unconfirmed",
    }
}

impl From<ImportConsent> for Consent {
    fn from(consent: ImportConsent) -> Self {
        match consent {
            ImportConsent::Subscribed => Self::Subscribed,
            ImportConsent::Unconfirmed => Self::Unconfirmed,
        }
    }
}

text_enum! {
    /// Where an import stands.
    pub enum ImportStatus {
        /// Waits for its turn.
        Queued = "queued",
        /// Reads the file.
        Running = "running",
        /// Done.
        Completed = "completed",
        /// The file cannot be imported; `error_code` and `error` say why.
        Failed = "failed",
        /// Is being undone.
        Undoing = "undoing",
        /// Was undone.
        Undone = "undone",
    }
}

impl ImportStatus {
    /// Whether nothing more will happen by itself.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Undone)
    }
}

/// How a file is imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ImportOptions {
    /// Tells what would happen, without changing anything.
    pub dry_run: bool,
    /// What a value does that differs from the one that is known.
    pub values: ValuePolicy,
    /// What tags do to those that are known.
    pub tags: TagPolicy,
    /// Headers mapped by hand: header → `email`, `first_name`, …, `attribute:<key>` or `ignore`.
    pub mapping: BTreeMap<String, String>,
    /// Tags that every customer of the file gets.
    pub add_tags: Vec<String>,
    /// The separator of cells; recognised when absent. One of `,` `;` tab `|`.
    pub delimiter: Option<char>,
    /// The name of an encoding, such as `windows-1252` or `shift_jis`; recognised when absent.
    pub encoding: Option<String>,
    /// Whether new people agreed to be mailed, where the file does not say; `unconfirmed` when absent.
    pub consent: Option<ImportConsent>,
    /// The decimal mark of numbers; recognised column by column when absent.
    pub decimal: Option<DecimalMark>,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self {
            dry_run: false,
            values: ValuePolicy::Overwrite,
            tags: TagPolicy::Unite,
            mapping: BTreeMap::new(),
            add_tags: Vec::new(),
            delimiter: None,
            encoding: None,
            consent: None,
            decimal: None,
        }
    }
}

/// What the file turned out to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct FileShape {
    /// The encoding.
    pub encoding: String,
    /// Whether the encoding is a guess: the file does not say, and its bytes allow several.
    pub encoding_guessed: bool,
    /// Whether a column says who agreed to be mailed. If none does, new people are what `consent` says.
    pub says_consent: bool,
    /// The decimal mark of its numbers; null without numbers.
    pub decimal: Option<DecimalMark>,
    /// The separator of cells.
    pub delimiter: String,
    /// The columns and what each is taken for.
    pub columns: Vec<FileColumn>,
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileColumn {
    /// Its header.
    pub header: String,
    /// The field it is mapped to.
    pub target: String,
    /// Whether it seems to be about consent and is not understood.
    #[serde(default)]
    pub unclear_consent: bool,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportResponse {
    /// Its id.
    pub id: ImportId,
    /// Where it stands.
    pub status: ImportStatus,
    /// The name of the file.
    pub file_name: String,
    /// The size of the file in bytes.
    pub bytes: u64,
    /// How many bytes of it are done.
    pub bytes_done: u64,
    /// How it is imported.
    pub options: ImportOptions,
    /// What the file turned out to be; null before it was looked at.
    pub shape: Option<FileShape>,
    /// Row outcomes; the five add up to `rows`.
    #[serde(flatten)]
    pub tally: Tally,
    /// Rows that have a warning or were invalid.
    pub problems: u64,
    /// Customers of the file who exist and may not be mailed, and stay so.
    pub kept_unsubscribed: u64,
    /// Customers whom an undo left as they are, since they were edited after the import.
    pub undo_left: u64,
    /// Why it failed: a sentence for people.
    pub error: Option<String>,
    /// Why it failed: a stable code.
    pub error_code: Option<RefusalCode>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When the first row was read.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// The start of a file, to see what is in it before it is imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportPreviewResponse {
    /// The separator of cells.
    #[cfg_attr(feature = "openapi", schema(example = ","))]
    pub delimiter: String,
    /// The encoding.
    #[cfg_attr(feature = "openapi", schema(example = "utf-8"))]
    pub encoding: String,
    /// Whether the encoding is a guess: the file does not say, and its bytes allow several.
    pub encoding_guessed: bool,
    /// Whether a column says who agreed to be mailed. If none does, `consent` is to be chosen.
    pub says_consent: bool,
    /// The decimal mark of its numbers; null without numbers.
    pub decimal: Option<DecimalMark>,
    /// Whether the first line names the columns. A file without cannot be imported.
    pub has_header: bool,
    /// The columns and what each is taken for.
    pub columns: Vec<PreviewColumn>,
    /// The cells of the first 10 rows. A cell is cut off after 200 characters.
    #[cfg_attr(feature = "openapi", schema(example = json!([["ava@example.com", "Ava"], ["bob@example.com", ""]])))]
    pub rows: Vec<Vec<String>>,
}

/// A column of a file, with some of what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewColumn {
    /// Its header, as `mapping` has to name it.
    #[cfg_attr(feature = "openapi", schema(example = "First Name"))]
    pub name: String,
    /// The field it is mapped to: `email`, `first_name`, `attribute:<key>`, …; null when it is ignored.
    #[cfg_attr(feature = "openapi", schema(example = "first_name"))]
    pub field: Option<String>,
    /// Whether it seems to be about consent and is not understood, so that it should be mapped by hand.
    pub unclear_consent: bool,
    /// Up to 5 values, the first that are not blank.
    #[cfg_attr(feature = "openapi", schema(example = json!(["Ava", "Bob"])))]
    pub samples: Vec<String>,
}

text_enum! {
    /// How bad a problem is.
    pub enum Severity {
        /// The row was not imported.
        Error = "error",
        /// The row was imported; something in it was left out.
        Warning = "warning",
        /// The undo left something as it is.
        Undo = "undo",
    }
}

/// A row that was not imported, or not fully.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportProblemResponse {
    /// The line of the file where the row starts, from 1.
    pub line: u64,
    /// The address as the row has it.
    pub email: String,
    /// How bad it is.
    pub severity: Severity,
    /// The stable code.
    #[cfg_attr(feature = "openapi", schema(example = "email_invalid"))]
    pub code: String,
    /// A sentence for people.
    pub reason: String,
}
