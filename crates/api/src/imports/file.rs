//! The layout of a contact file: encoding, delimiter, columns.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    path::Path,
};

use encoding_rs::UTF_8;
use fanbase_domain::{
    import::{
        columns::{self, Mapping, MappingError},
        number::DecimalMark,
        refusal::{Refusal, RefusalCode},
        survey::{Survey, Surveyed},
    },
    wire::imports::{FileColumn, FileShape, ImportOptions},
};
use thiserror::Error;

use super::{
    encoding::{self, Recognised},
    records::{Position, Record, RecordError, RecordReader},
    separator,
};

/// Size of the sample used for detection.
pub(super) const SAMPLE_BYTES: usize = 256 * 1024;
/// Maximum number of columns.
const MAX_COLUMNS: usize = 500;

/// Why a file cannot be imported.
#[derive(Debug, Error)]
pub enum FileError {
    /// No bytes, or no header.
    #[error("The file is empty.")]
    Empty,
    /// Binary data, such as a picture.
    #[error("The file is not text. Save the contacts as CSV, and import that.")]
    NotText,
    /// A workbook of Excel, Numbers or LibreOffice.
    #[error(
        "The file is a spreadsheet. Open it in the program that made it, save it as CSV, and import that."
    )]
    Spreadsheet,
    /// An archive or a compressed file.
    #[error("The file is compressed. Unpack it, and import the CSV file that is in it.")]
    Compressed,
    /// JSON.
    #[error("The file is JSON. Export the contacts as CSV, and import that.")]
    Json,
    /// Address-book cards.
    #[error(
        "The file holds address-book cards (vCard). Export the contacts as CSV, which most address books offer \
         as well, and import that."
    )]
    Vcard,
    /// HTML or XML.
    #[error(
        "The file is a web page or XML. Perhaps a sign-in page was saved in place of the export. Export the \
         contacts as CSV, and import that."
    )]
    Markup,
    /// The requested encoding does not exist.
    #[error(
        "\"{0}\" is not the name of an encoding. Examples are utf-8, windows-1252, macintosh and shift_jis."
    )]
    UnknownEncoding(String),
    /// The columns cannot be mapped.
    #[error("{0}")]
    Mapping(#[from] MappingError),
    /// The first line holds data, not a header.
    #[error("The first line must name the columns, but it holds an e-mail address.")]
    NoHeader,
    /// More than the maximum number of columns.
    #[error("The file has {0} columns. At most {MAX_COLUMNS} can be imported.")]
    TooManyColumns(usize),
    /// The file cannot be read.
    #[error("The file cannot be read: {0}.")]
    Io(#[from] std::io::Error),
    /// The header is not CSV.
    #[error("The header cannot be read. {0}")]
    Header(#[from] RecordError),
}

impl FileError {
    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> RefusalCode {
        match self {
            Self::Empty => RefusalCode::FileEmpty,
            Self::NotText => RefusalCode::FileNotText,
            Self::Spreadsheet => RefusalCode::FileSpreadsheet,
            Self::Compressed => RefusalCode::FileCompressed,
            Self::Json => RefusalCode::FileJson,
            Self::Vcard => RefusalCode::FileVcard,
            Self::Markup => RefusalCode::FileMarkup,
            Self::UnknownEncoding(_) => RefusalCode::UnknownEncoding,
            Self::Mapping(error) => error.code(),
            Self::NoHeader => RefusalCode::NoHeader,
            Self::TooManyColumns(_) => RefusalCode::TooManyColumns,
            Self::Io(_) => RefusalCode::FileUnreadable,
            Self::Header(_) => RefusalCode::HeaderUnreadable,
        }
    }

    /// The failure to report for the import.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        Refusal::new(self.code(), &self.to_string())
    }
}

/// A warning about a file as a whole, for the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The stable code.
    pub code: &'static str,
    /// The message for people.
    pub reason: String,
}

/// A contact file that can be imported, with its layout.
#[derive(Clone, Debug)]
pub struct ContactFile {
    /// The mapping of its columns.
    pub mapping: Mapping,
    /// The delimiter.
    pub delimiter: u8,
    /// The line of the header.
    pub header_line: u64,
    /// Start of the first row: byte and line.
    pub first_row: (u64, u64),
    /// Whether it looks like an ActiveCampaign export.
    pub is_activecampaign: bool,
    /// Its layout, for people.
    pub shape: FileShape,
    /// Warnings about it.
    pub notices: Vec<Notice>,
}

/// Analyses a file, and rewrites it as UTF-8 if it has another encoding. Idempotent.
///
/// # Errors
/// `FileError` with the reason why the file cannot be imported.
pub fn open(path: &Path, options: &ImportOptions) -> Result<ContactFile, FileError> {
    let recognised = encoding::recognise(&encoding::original(path), options.encoding.as_deref())?;
    if recognised.encoding != UTF_8 && encoding::bom_length(path)? == 0 {
        encoding::rewrite(path, recognised.encoding)?;
    }
    let start = encoding::bom_length(path)?;
    let mut sample = Vec::new();
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(start))?;
    (&mut file).take(SAMPLE_BYTES as u64).read_to_end(&mut sample)?;
    let layout = separator::layout(&sample, options.delimiter);
    let header_at = Position { byte: start + layout.header.byte, line: layout.header.line };
    let mut reader = RecordReader::at(file, layout.delimiter, header_at)?;
    let mut record = Record::default();
    reader.next(&mut record)?.ok_or(FileError::Empty)??;
    let header_line = record.line;
    let cells: Vec<String> = (0..record.len()).map(|i| record.lossy(i)).collect();
    let header: Vec<&str> = cells.iter().map(String::as_str).collect();
    if header.len() > MAX_COLUMNS {
        return Err(FileError::TooManyColumns(header.len()));
    }
    let mapping = match Mapping::recognise(&header, &options.mapping) {
        Err(MappingError::NoEmailColumn(_)) if is_row(&header) => return Err(FileError::NoHeader),
        mapping => mapping?,
    };
    let Position { byte, line } = reader.position();
    let surveyed = survey(reader, Survey::new(mapping, &header), options, layout.delimiter)?;
    Ok(ContactFile {
        delimiter: layout.delimiter,
        header_line,
        first_row: (byte, line),
        is_activecampaign: columns::is_activecampaign(&header),
        shape: shape(recognised, layout.delimiter, &header, &surveyed),
        notices: notices(recognised, &header, &surveyed),
        mapping: surveyed.mapping,
    })
}

/// Scans all values of a file with columns that cannot be interpreted from a sample.
fn survey(
    reader: RecordReader<File>,
    mut survey: Survey,
    options: &ImportOptions,
    delimiter: u8,
) -> std::io::Result<Surveyed> {
    if !survey.is_idle() {
        let mut reader = reader.expecting(survey.columns());
        let mut record = Record::default();
        while let Some(outcome) = reader.next(&mut record)? {
            if let (Ok(()), Some(cells)) = (outcome, record.cells()) {
                survey.row(&cells);
            }
        }
    }
    Ok(finish(survey, options, delimiter))
}

/// Completes the scan, with the requested decimal mark if there is one.
pub(super) fn finish(survey: Survey, options: &ImportOptions, delimiter: u8) -> Surveyed {
    // Where the comma is the decimal mark, spreadsheets separate cells by semicolons.
    let usual = if delimiter == b';' { DecimalMark::Comma } else { DecimalMark::Point };
    match options.decimal {
        Some(mark) => survey.finish_with(mark),
        None => survey.finish(usual),
    }
}

/// The layout of a file, for people.
pub(super) fn shape(
    recognised: Recognised,
    delimiter: u8,
    header: &[&str],
    surveyed: &Surveyed,
) -> FileShape {
    let columns = header.iter().zip(surveyed.mapping.columns()).enumerate();
    FileShape {
        encoding: recognised.encoding.name().to_lowercase(),
        encoding_guessed: recognised.is_guess,
        says_consent: surveyed.says_consent,
        decimal: surveyed.decimal_mark,
        delimiter: char::from(delimiter).to_string(),
        columns: columns
            .map(|(i, (header, column))| FileColumn {
                header: (*header).to_owned(),
                target: column.target(),
                unclear_consent: surveyed.unclear.contains(&i),
            })
            .collect(),
    }
}

fn notices(recognised: Recognised, header: &[&str], surveyed: &Surveyed) -> Vec<Notice> {
    let guess = recognised.is_guess.then(|| Notice {
        code: "encoding_guessed",
        reason: format!(
            "The file does not say its encoding. It was read as {}; look at the names, and choose another \
             encoding if they are wrong.",
            recognised.encoding.name()
        ),
    });
    let unclear = surveyed.unclear.iter().filter_map(|&i| header.get(i)).map(|header| {
        let header: String = header.chars().filter(|c| !c.is_control()).take(100).collect();
        Notice {
            code: "consent_unclear",
            reason: format!(
                "The column \"{header}\" seems to say who may be mailed, and is not understood. Map it to what \
                 it means, or leave it a custom field."
            ),
        }
    });
    guess.into_iter().chain(unclear).collect()
}

/// Whether the first line of a file without an e-mail column is data instead of a header.
pub(super) fn is_row(first: &[&str]) -> bool {
    first.iter().any(|cell| cell.contains('@'))
}
