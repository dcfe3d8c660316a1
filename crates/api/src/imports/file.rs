//! What a contact file is made of: encoding, delimiter, header.
//!
//! A file that is not UTF-8 is rewritten as UTF-8 once, so that positions in it are
//! stable and an import can go on where it stopped.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Read, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use fanbase_domain::{
    import::{
        columns::{self, Mapping, MappingError},
        refusal::{Refusal, RefusalCode},
    },
    wire::imports::{FileColumn, FileShape, ImportOptions},
};
use thiserror::Error;

use super::records::{Position, Record, RecordError, RecordReader};

/// How much of a file is looked at to recognise what it is.
const SAMPLE_BYTES: usize = 256 * 1024;
/// Delimiters that are recognised.
pub const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// Why a file cannot be imported.
#[derive(Debug, Error)]
pub enum FileError {
    /// No bytes, or no header.
    #[error("The file is empty.")]
    Empty,
    /// Binary data: a spreadsheet, an archive, a picture.
    #[error("The file is not text. Save it as CSV, and import that.")]
    NotText,
    /// The encoding that was asked for does not exist.
    #[error("\"{0}\" is not a known encoding. Known are utf-8, utf-16le, utf-16be and windows-1252.")]
    UnknownEncoding(String),
    /// The header cannot be mapped.
    #[error("{0}")]
    Mapping(#[from] MappingError),
    /// The first line is a person, not a header.
    #[error("The first line must name the columns, but it holds an e-mail address.")]
    NoHeader,
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
            Self::UnknownEncoding(_) => RefusalCode::UnknownEncoding,
            Self::Mapping(error) => error.code(),
            Self::NoHeader => RefusalCode::NoHeader,
            Self::Io(_) => RefusalCode::FileUnreadable,
            Self::Header(_) => RefusalCode::HeaderUnreadable,
        }
    }

    /// What an import says of it.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        Refusal::new(self.code(), &self.to_string())
    }
}

/// A contact file that can be imported.
#[derive(Clone, Debug)]
pub struct ContactFile {
    /// What its columns mean.
    pub mapping: Mapping,
    /// What separates cells.
    pub delimiter: u8,
    /// Where the first row starts: byte and line.
    pub first_row: (u64, u64),
    /// Whether ActiveCampaign seems to have written it.
    pub is_activecampaign: bool,
    /// What to tell people about it.
    pub shape: FileShape,
}

/// Looks at a file; rewrites it as UTF-8 when it is not. Looking again changes nothing.
///
/// # Errors
/// Returns why it cannot be imported.
pub fn open(path: &Path, options: &ImportOptions) -> Result<ContactFile, FileError> {
    let encoding = encoding_of(path, options.encoding.as_deref())?;
    if encoding != UTF_8 {
        rewrite(path, encoding)?;
    }
    let start = bom_length(path)?;
    let mut sample = Vec::new();
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(start))?;
    (&mut file).take(SAMPLE_BYTES as u64).read_to_end(&mut sample)?;
    let chosen = options.delimiter.and_then(|c| u8::try_from(c).ok());
    let delimiter = chosen.unwrap_or_else(|| delimiter_of(&sample));
    let mut reader = RecordReader::at(file, delimiter, Position { byte: start, line: 1 })?;
    let mut record = Record::default();
    reader.next(&mut record)?.ok_or(FileError::Empty)??;
    let cells: Vec<String> = (0..record.len()).map(|i| record.lossy(i)).collect();
    let header: Vec<&str> = cells.iter().map(String::as_str).collect();
    let mapping = match Mapping::recognise(&header, &options.mapping) {
        Err(MappingError::NoEmailColumn(_)) if is_row(&header) => return Err(FileError::NoHeader),
        mapping => mapping?,
    };
    let columns = header
        .iter()
        .zip(mapping.columns())
        .map(|(header, column)| FileColumn { header: (*header).to_owned(), target: column.target() })
        .collect();
    let position = reader.position();
    Ok(ContactFile {
        first_row: (position.byte, position.line),
        is_activecampaign: columns::is_activecampaign(&header),
        shape: FileShape {
            encoding: encoding.name().to_lowercase(),
            delimiter: char::from(delimiter).to_string(),
            columns,
        },
        mapping,
        delimiter,
    })
}

/// Whether the first line of a file without an e-mail column is a person instead of a header.
pub(super) fn is_row(first: &[&str]) -> bool {
    first.iter().any(|cell| cell.contains('@'))
}

/// The file as it was sent, before it was rewritten as UTF-8.
pub fn original(path: &Path) -> PathBuf {
    let original = path.with_extension("original");
    if original.exists() { original } else { path.to_owned() }
}

/// The start of a file as text, in the encoding that it has or is said to have, and whether the
/// file goes on. Changes nothing.
///
/// # Errors
/// When it is no text.
pub(super) fn start_of(
    path: &Path,
    encoding: Option<&str>,
) -> Result<(String, &'static str, bool), FileError> {
    let encoding = encoding_of(path, encoding)?;
    let mut bytes = Vec::new();
    let file = File::open(path)?;
    let goes_on = file.metadata()?.len() > SAMPLE_BYTES as u64;
    file.take(SAMPLE_BYTES as u64).read_to_end(&mut bytes)?;
    let (text, ..) = encoding.decode_with_bom_removal(&bytes);
    Ok((text.into_owned(), encoding.name(), goes_on))
}

/// The encoding of a name, if a file may have it.
#[must_use]
pub fn known_encoding(name: &str) -> Option<&'static Encoding> {
    let known = [UTF_8, UTF_16LE, UTF_16BE, WINDOWS_1252];
    Encoding::for_label(name.trim().as_bytes()).filter(|encoding| known.contains(encoding))
}

fn encoding_of(path: &Path, asked: Option<&str>) -> Result<&'static Encoding, FileError> {
    let mut sample = Vec::new();
    File::open(path)?.take(SAMPLE_BYTES as u64).read_to_end(&mut sample)?;
    if sample.is_empty() {
        return Err(FileError::Empty);
    }
    if let Some((encoding, _)) = Encoding::for_bom(&sample) {
        return Ok(encoding);
    }
    if let Some(name) = asked {
        return known_encoding(name).ok_or_else(|| FileError::UnknownEncoding(name.to_owned()));
    }
    if sample.contains(&0) {
        // In UTF-16, every other byte of mostly ASCII text is zero.
        let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
        let half = sample.len() / 2;
        match (zeros(0), zeros(1)) {
            (even, odd) if even > half / 2 && odd < half / 20 => return Ok(UTF_16BE),
            (even, odd) if odd > half / 2 && even < half / 20 => return Ok(UTF_16LE),
            // A stray zero spoils its row, not the file.
            (even, odd) if even + odd > sample.len() / 100 => return Err(FileError::NotText),
            _ => {}
        }
    }
    let controls =
        sample.iter().filter(|byte| **byte < 32 && !matches!(**byte, b'\n' | b'\r' | b'\t')).count();
    if controls > sample.len() / 50 {
        return Err(FileError::NotText);
    }
    Ok(if is_mostly_utf8(path)? { UTF_8 } else { WINDOWS_1252 })
}

/// Whether what is beyond ASCII in the file reads as UTF-8 more often than not. A single
/// broken row in a UTF-8 file then stays a broken row, instead of spoiling all others.
fn is_mostly_utf8(path: &Path) -> Result<bool, FileError> {
    let mut reader = BufReader::with_capacity(1 << 20, File::open(path)?);
    let (mut sequences, mut errors) = (0_u64, 0_u64);
    let mut chunk = vec![0; 1 << 20];
    let mut kept = 0;
    loop {
        let read = reader.read(&mut chunk[kept..])?;
        if read == 0 {
            return Ok(errors <= sequences);
        }
        let mut rest = &chunk[..kept + read];
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    sequences += non_ascii(text);
                    rest = &[];
                    break;
                }
                Err(error) => {
                    let (valid, after) = rest.split_at(error.valid_up_to());
                    sequences += std::str::from_utf8(valid).map_or(0, non_ascii);
                    rest = after;
                    match error.error_len() {
                        None => break, // a sequence that goes on in the next chunk
                        Some(length) => {
                            errors += 1;
                            rest = &rest[length..];
                        }
                    }
                }
            }
        }
        let tail = rest.to_vec();
        kept = tail.len();
        chunk[..kept].copy_from_slice(&tail);
    }
}

fn non_ascii(text: &str) -> u64 {
    if text.is_ascii() { 0 } else { text.chars().filter(|c| !c.is_ascii()).count() as u64 }
}

/// Rewrites the file as UTF-8, by way of a second file, so that a kill leaves either.
fn rewrite(path: &Path, encoding: &'static Encoding) -> Result<(), FileError> {
    let target = path.with_extension("utf8");
    let mut reader = BufReader::with_capacity(1 << 18, File::open(path)?);
    let mut writer = BufWriter::with_capacity(1 << 18, File::create(&target)?);
    // A mark tells the next look that this is UTF-8, whatever it was.
    writer.write_all("\u{FEFF}".as_bytes())?;
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut input = vec![0; 1 << 16];
    let mut output = vec![0; 1 << 18];
    loop {
        let read = reader.read(&mut input)?;
        let last = read == 0;
        let mut consumed = 0;
        loop {
            let (result, used, written, _) =
                decoder.decode_to_utf8(&input[consumed..read], &mut output, last);
            consumed += used;
            writer.write_all(&output[..written])?;
            if result == encoding_rs::CoderResult::InputEmpty {
                break;
            }
        }
        if last {
            break;
        }
    }
    writer.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    // What was sent is kept as well: it may have another encoding than it seems.
    let original = path.with_extension("original");
    if !original.exists() {
        std::fs::hard_link(path, &original).or_else(|_| std::fs::copy(path, &original).map(drop))?;
    }
    std::fs::rename(&target, path)?;
    Ok(())
}

fn bom_length(path: &Path) -> Result<u64, FileError> {
    let mut start = Vec::new();
    File::open(path)?.take(3).read_to_end(&mut start)?;
    Ok(if start == "\u{FEFF}".as_bytes() { 3 } else { 0 })
}

/// The delimiter that occurs most often in the header, outside of quotes.
pub(super) fn delimiter_of(sample: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [0_usize; DELIMITERS.len()];
    for byte in sample {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted && counts.iter().any(|count| *count > 0) => break,
            byte if !quoted => {
                if let Some(i) = DELIMITERS.iter().position(|delimiter| *delimiter == char::from(*byte)) {
                    counts[i] += 1;
                }
            }
            _ => {}
        }
    }
    let best = (0..DELIMITERS.len()).rev().max_by_key(|i| counts[*i]).unwrap_or(0);
    u8::try_from(DELIMITERS[best]).unwrap_or(b',')
}
