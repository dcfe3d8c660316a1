//! Reads the records of a CSV file: strictly as RFC 4180 quotes, and under a budget.
//!
//! The `csv` crate is lenient on purpose: it reads a quote that is never closed to the end of the
//! file, keeps a record of any size in memory, drops what is odd about quotes without a word, and
//! counts line feeds only. A file that people upload must neither take the memory of the server nor
//! lose rows in silence. A record that breaks the rules is reported with its line, and reading goes
//! on at the next line, so that it swallows nothing.

use std::io::{self, Read, Seek, SeekFrom};

use memchr::{memchr, memchr2, memchr3};
use thiserror::Error;

/// Most bytes of a record.
pub const MAX_RECORD_BYTES: usize = 1 << 20;
/// Most cells of a record.
pub const MAX_CELLS: usize = 2_000;
/// Bytes that are read at a time.
const CHUNK: usize = 256 * 1024;
/// How far the bytes that are read twice, since a quote was not closed, may exceed those read once.
const REREAD_BUDGET: u64 = 64 << 20;

/// Why a record cannot be read.
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

/// The cells of a record. After an error: those that could be read.
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

    /// A cell, with replacement characters for what is not UTF-8.
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
    /// Where `start` is.
    position: Position,
    /// Cells that a record must have to end the search for one that is whole, after a broken one.
    recovering: Option<usize>,
    /// Cells of a whole record.
    expected: usize,
    reread: u64,
}

impl<R: Read> RecordReader<R> {
    /// Starts where the source is, which is said to be `position`.
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

    /// How many cells a whole record has. After a broken one, lines that have not that many are taken
    /// for its remains.
    #[must_use]
    pub fn expecting(mut self, cells: usize) -> Self {
        self.expected = cells;
        self
    }

    /// Where the next record starts, or the empty lines before it.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// Whether the last record was broken, and the next line may be a remainder of it.
    #[must_use]
    pub fn is_recovering(&self) -> bool {
        self.recovering.is_some()
    }

    /// Reads the next record; `None` at the end of the file. Empty lines are passed over.
    ///
    /// # Errors
    /// When the source cannot be read. What is wrong with the record is in the value.
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

    /// Whether a line after a broken record seems to belong to it.
    fn is_remainder(&self, record: &Record) -> bool {
        self.recovering.is_some_and(|expected| record.len() != expected)
    }

    /// Passes empty lines; whether there is anything after them.
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

    /// Passes the line that starts here, however long it is.
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

    /// Moves on by bytes that end with a line break, or with the file.
    fn pass(&mut self, bytes: usize, spans_lines: bool) {
        let passed = &self.buffer[self.start..self.start + bytes];
        self.position.line += if spans_lines { line_breaks(passed) } else { 1 };
        self.position.byte += bytes as u64;
        self.start += bytes;
    }

    /// Reads more behind what is there.
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
    /// When the source has no such place.
    pub fn at(mut source: R, delimiter: u8, position: Position) -> io::Result<Self> {
        source.seek(SeekFrom::Start(position.byte))?;
        Ok(Self::new(source, delimiter, position))
    }
}

/// The line breaks in some bytes: LF, CRLF or CR.
fn line_breaks(bytes: &[u8]) -> u64 {
    let lone = |at: usize| bytes[at] != b'\n' || at == 0 || bytes[at - 1] != b'\r';
    memchr::memchr2_iter(b'\r', b'\n', bytes).filter(|&at| lone(at)).count() as u64
}

/// How far the scan of a record came.
enum Outcome {
    /// To its end.
    Complete,
    /// To the end of what was read of the file.
    Incomplete,
    /// To what is wrong with it.
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
    /// How far it is.
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

    /// A cell in quotes; a doubled one stands for one.
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

    /// A quoted cell with blanks before it, as in `Ann, "Lee, B." ,x`; it ends with its line. One that
    /// is not closed, or goes on after its closing quote, is an unquoted one.
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

    /// Moves past what ends a cell, which is here.
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

    /// Whether the scan ended between what may be the two bytes of one line break.
    fn is_half_pair(&self) -> bool {
        self.at == self.input.len() && self.input.last() == Some(&b'\r')
    }

    /// How many blanks are here.
    fn padding(&self) -> usize {
        let is_blank = |byte: &&u8| matches!(**byte, b' ' | b'\t') && **byte != self.delimiter;
        self.input[self.at..].iter().take_while(is_blank).count()
    }
}

#[cfg(test)]
mod tests;
