//! Reads the records of a CSV file: with the strict quoting of RFC 4180, within fixed limits.
//!
//! The `csv` crate is deliberately lenient: it reads an unclosed quote to the end of the file, keeps a record
//! of any size in memory, ignores irregular quoting without an error, and counts only line feeds. An uploaded
//! file must neither exhaust the server's memory nor lose rows silently. An invalid record is reported with
//! its line, and reading continues at the next line, so that no further row is lost.

use std::io::{self, Read, Seek, SeekFrom};

use memchr::{memchr, memchr2, memchr3};
use thiserror::Error;

/// Maximum size of a record, in bytes.
pub const MAX_RECORD_BYTES: usize = 1 << 20;
/// Maximum number of cells in a record.
pub const MAX_CELLS: usize = 2_000;
/// Bytes per read.
const CHUNK: usize = 256 * 1024;
/// How many more bytes may be read twice, because of unclosed quotes, than read once.
const REREAD_BUDGET: u64 = 64 << 20;

/// The reason why a record cannot be read.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum RecordError {
    /// A quoted cell is not closed, or goes on after its closing quote.
    #[error("A quote is not closed, or text follows a closing quote.")]
    BrokenQuoting,
    /// More than [`MAX_RECORD_BYTES`].
    #[error("The row is longer than 1 MiB.")]
    TooLong,
    /// More than [`MAX_CELLS`].
    #[error("The row has more than 2,000 cells.")]
    TooManyCells,
}

impl RecordError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BrokenQuoting => "broken_quoting",
            Self::TooLong => "row_too_long",
            Self::TooManyCells => "too_many_cells",
        }
    }
}

/// A place in a file: where a record starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Bytes before it.
    pub byte: u64,
    /// Its line, from 1, as an editor counts them.
    pub line: u64,
}

/// The cells of a record; after an error, those that could be read.
#[derive(Clone, Debug, Default)]
pub struct Record {
    text: Vec<u8>,
    ends: Vec<usize>,
    /// The line where it starts.
    pub line: u64,
    /// Whether a quoted cell goes over a line break.
    spans_lines: bool,
    is_utf8: bool,
}

impl Record {
    /// How many cells it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it has no cells.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The bytes of all cells.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// A cell, with replacement characters for invalid UTF-8.
    #[must_use]
    pub fn lossy(&self, index: usize) -> String {
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(index).copied().unwrap_or(start);
        String::from_utf8_lossy(&self.text[start.min(end)..end]).into_owned()
    }

    /// The cells; `None` unless all of them are UTF-8.
    #[must_use]
    pub fn cells(&self) -> Option<Vec<&str>> {
        let text = if self.is_utf8 { std::str::from_utf8(&self.text).ok()? } else { return None };
        let mut start = 0;
        self.ends.iter().map(|&end| text.get(std::mem::replace(&mut start, end)..end)).collect()
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        (self.spans_lines, self.is_utf8) = (false, false);
    }

    fn end_cell(&mut self) {
        self.ends.push(self.text.len());
    }
}

/// Reads records from a file.
#[derive(Debug)]
pub struct RecordReader<R> {
    source: R,
    delimiter: u8,
    /// Bytes that were read and not passed yet are at `start..end`.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    is_at_end: bool,
    /// The position of `start`.
    position: Position,
    /// After a broken record: the number of cells that ends the recovery.
    recovering: Option<usize>,
    /// The number of cells in a complete record.
    expected: usize,
    reread: u64,
}

impl<R: Read> RecordReader<R> {
    /// Starts at the current position of the source, which the caller gives as `position`.
    pub fn new(source: R, delimiter: u8, position: Position) -> Self {
        Self {
            source,
            delimiter,
            buffer: vec![0; CHUNK],
            start: 0,
            end: 0,
            is_at_end: false,
            position,
            recovering: None,
            expected: 0,
            reread: 0,
        }
    }

    /// Sets the number of cells in a complete record. After a broken record, lines with another number of
    /// cells are treated as its remains.
    #[must_use]
    pub fn expecting(mut self, cells: usize) -> Self {
        self.expected = cells;
        self
    }

    /// The position of the next record, or of the empty lines before it.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// Whether the last record was broken, and the next line may be a remainder of it.
    #[must_use]
    pub fn is_recovering(&self) -> bool {
        self.recovering.is_some()
    }

    /// Reads the next record; `None` at the end of the file. Skips empty lines.
    ///
    /// # Errors
    /// When the source cannot be read. An invalid record is reported in the value.
    pub fn next(&mut self, record: &mut Record) -> io::Result<Option<Result<(), RecordError>>> {
        if !self.skip_empty_lines()? {
            return Ok(None);
        }
        record.line = self.position.line;
        let is_single_line = self.recovering.is_some() || self.reread > self.position.byte + REREAD_BUDGET;
        loop {
            let rest = &self.buffer[self.start..self.end];
            let mut scan = Scan::new(rest, self.delimiter, is_single_line, self.is_at_end);
            let error = match scan.record(record) {
                Outcome::Complete if self.is_remainder(record) => RecordError::BrokenQuoting,
                Outcome::Complete => {
                    let read = scan.at;
                    record.is_utf8 = std::str::from_utf8(&rest[..read]).is_ok();
                    self.recovering = None;
                    self.pass(read, record.spans_lines);
                    return Ok(Some(Ok(())));
                }
                Outcome::Incomplete if rest.len() < MAX_RECORD_BYTES => {
                    self.fill()?;
                    continue;
                }
                Outcome::Incomplete if scan.is_in_quotes => RecordError::BrokenQuoting,
                Outcome::Incomplete => RecordError::TooLong,
                Outcome::Broken(error) => error,
            };
            self.reread += scan.at as u64;
            if error == RecordError::BrokenQuoting {
                self.recovering = (self.expected > 0).then_some(self.expected);
            }
            self.skip_line()?;
            return Ok(Some(Err(error)));
        }
    }

    /// Whether a line after a broken record seems to be part of its remains.
    fn is_remainder(&self, record: &Record) -> bool {
        self.recovering.is_some_and(|expected| record.len() != expected)
    }

    /// Skips empty lines. Returns whether anything follows.
    fn skip_empty_lines(&mut self) -> io::Result<bool> {
        loop {
            let rest = &self.buffer[self.start..self.end];
            match rest {
                [] if self.is_at_end => return Ok(false),
                [] => self.fill()?,
                [b'\r'] if !self.is_at_end => self.fill()?,
                [b'\r', b'\n', ..] => self.pass(2, false),
                [b'\r' | b'\n', ..] => self.pass(1, false),
                _ => return Ok(true),
            }
        }
    }

    /// Skips the current line, however long it is.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let rest = &self.buffer[self.start..self.end];
            match memchr2(b'\r', b'\n', rest) {
                Some(at) if rest[at] == b'\r' && at + 1 == rest.len() && !self.is_at_end => self.fill()?,
                Some(at) => {
                    let is_pair = rest[at..].starts_with(b"\r\n");
                    self.pass(at + 1 + usize::from(is_pair), false);
                    return Ok(());
                }
                None => {
                    self.position.byte += rest.len() as u64;
                    self.start = self.end;
                    if self.is_at_end {
                        return Ok(());
                    }
                    self.fill()?;
                }
            }
        }
    }

    /// Advances past bytes that end with a line break or with the file.
    fn pass(&mut self, bytes: usize, spans_lines: bool) {
        let passed = &self.buffer[self.start..self.start + bytes];
        self.position.line += if spans_lines { line_breaks(passed) } else { 1 };
        self.position.byte += bytes as u64;
        self.start += bytes;
    }

    /// Appends more bytes to the buffer.
    fn fill(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if self.end == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        match self.source.read(&mut self.buffer[self.end..]) {
            Ok(0) => self.is_at_end = true,
            Ok(read) => self.end += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

impl<R: Read + Seek> RecordReader<R> {
    /// Starts at a position of the source.
    ///
    /// # Errors
    /// When the source cannot seek to the position.
    pub fn at(mut source: R, delimiter: u8, position: Position) -> io::Result<Self> {
        source.seek(SeekFrom::Start(position.byte))?;
        Ok(Self::new(source, delimiter, position))
    }
}

/// Counts line breaks: LF, CRLF or CR.
fn line_breaks(bytes: &[u8]) -> u64 {
    let lone = |at: usize| bytes[at] != b'\n' || at == 0 || bytes[at - 1] != b'\r';
    memchr::memchr2_iter(b'\r', b'\n', bytes).filter(|&at| lone(at)).count() as u64
}

/// The result of scanning a record.
enum Outcome {
    /// The record is complete.
    Complete,
    /// The buffer ended before the record.
    Incomplete,
    /// The record is invalid.
    Broken(RecordError),
}

/// The end of a cell.
enum CellEnd {
    Delimiter,
    Line,
    Input,
}

/// The scan of one record.
struct Scan<'a> {
    input: &'a [u8],
    /// The current offset.
    at: usize,
    delimiter: u8,
    /// Whether the record has to end with its line.
    is_single_line: bool,
    /// Whether the file ends with the input.
    is_at_end: bool,
    is_in_quotes: bool,
}

impl<'a> Scan<'a> {
    fn new(input: &'a [u8], delimiter: u8, is_single_line: bool, is_at_end: bool) -> Self {
        Self { input, at: 0, delimiter, is_single_line, is_at_end, is_in_quotes: false }
    }

    fn record(&mut self, record: &mut Record) -> Outcome {
        record.clear();
        loop {
            if record.len() == MAX_CELLS {
                return Outcome::Broken(RecordError::TooManyCells);
            }
            let padding = self.padding();
            let ended = match self.input.get(self.at + padding) {
                Some(b'"') if padding == 0 => self.quoted(record),
                Some(b'"') => self.padded(padding, record),
                _ => Ok(self.unquoted(record)),
            };
            match ended {
                Err(outcome) => return outcome,
                Ok(CellEnd::Delimiter) => record.end_cell(),
                Ok(CellEnd::Input) if !self.is_at_end => return Outcome::Incomplete,
                Ok(CellEnd::Line) if self.is_half_pair() && !self.is_at_end => return Outcome::Incomplete,
                Ok(CellEnd::Line | CellEnd::Input) => {
                    record.end_cell();
                    return Outcome::Complete;
                }
            }
        }
    }

    fn unquoted(&mut self, record: &mut Record) -> CellEnd {
        let rest = &self.input[self.at..];
        let length = memchr3(self.delimiter, b'\r', b'\n', rest).unwrap_or(rest.len());
        record.text.extend_from_slice(&rest[..length]);
        self.at += length;
        self.end_of_cell()
    }

    /// Reads a quoted cell; a doubled quote is an escaped one.
    fn quoted(&mut self, record: &mut Record) -> Result<CellEnd, Outcome> {
        let broken = Outcome::Broken(RecordError::BrokenQuoting);
        self.at += 1;
        self.is_in_quotes = true;
        loop {
            let rest = &self.input[self.at..];
            let closing = memchr(b'"', rest);
            let text = &rest[..closing.unwrap_or(rest.len())];
            if memchr2(b'\r', b'\n', text).is_some() {
                if self.is_single_line {
                    return Err(broken);
                }
                record.spans_lines = true;
            }
            record.text.extend_from_slice(text);
            self.at += text.len() + usize::from(closing.is_some());
            match (closing, self.input.get(self.at)) {
                (Some(_), Some(b'"')) => record.text.push(b'"'),
                (_, None) if !self.is_at_end => return Err(Outcome::Incomplete),
                (None, _) => return Err(broken),
                (Some(_), _) => break,
            }
            self.at += 1;
        }
        self.is_in_quotes = false;
        self.at += self.padding();
        match self.input.get(self.at) {
            Some(byte) if *byte != self.delimiter && !matches!(byte, b'\r' | b'\n') => Err(broken),
            _ => Ok(self.end_of_cell()),
        }
    }

    /// Reads a quoted cell with blanks before it, as in `Ann, "Lee, B." ,x`; it must end on its line. If it
    /// is not closed, or text follows its closing quote, it is read as an unquoted cell.
    fn padded(&mut self, padding: usize, record: &mut Record) -> Result<CellEnd, Outcome> {
        let quote = self.at + padding;
        let line = match memchr2(b'\r', b'\n', &self.input[quote..]) {
            Some(length) => &self.input[quote..quote + length],
            None if self.is_at_end => &self.input[quote..],
            None => return Err(Outcome::Incomplete),
        };
        let before = record.text.len();
        let mut scan = Scan::new(line, self.delimiter, true, true);
        match scan.quoted(record) {
            Err(_) => {
                record.text.truncate(before);
                Ok(self.unquoted(record))
            }
            Ok(CellEnd::Delimiter) => {
                self.at = quote + scan.at;
                Ok(CellEnd::Delimiter)
            }
            Ok(CellEnd::Line | CellEnd::Input) => {
                self.at = quote + scan.at;
                Ok(self.end_of_cell())
            }
        }
    }

    /// Advances past the end of a cell, which is at the current offset.
    fn end_of_cell(&mut self) -> CellEnd {
        let rest = &self.input[self.at..];
        match rest {
            [] => CellEnd::Input,
            [byte, ..] if *byte == self.delimiter => {
                self.at += 1;
                CellEnd::Delimiter
            }
            rest => {
                self.at += 1 + usize::from(rest.starts_with(b"\r\n"));
                CellEnd::Line
            }
        }
    }

    /// Whether the scan ended between the two bytes of a possible CRLF.
    fn is_half_pair(&self) -> bool {
        self.at == self.input.len() && self.input.last() == Some(&b'\r')
    }

    /// The number of blanks at the current offset.
    fn padding(&self) -> usize {
        let is_blank = |byte: &&u8| matches!(**byte, b' ' | b'\t') && **byte != self.delimiter;
        self.input[self.at..].iter().take_while(is_blank).count()
    }
}

#[cfg(test)]
mod tests;
