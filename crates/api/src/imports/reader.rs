//! Reads the rows of a contact file in batches, from any position on.

use std::{
    fs::File,
    io::{BufReader, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use fanbase_domain::{
    import::{
        columns::{Column, Mapping},
        row::{self, RowError, RowWarning},
    },
    merge::Contact,
    money::Currency,
    tag::TagName,
};

use super::file::{ContactFile, csv_reader};

/// One row of the file.
#[derive(Clone, Debug)]
pub struct Row {
    /// The line where it starts, from 1.
    pub line: u64,
    /// The address as the row has it, for the report.
    pub email: String,
    /// What it says, or why it says nothing.
    pub contact: Result<(Contact, Vec<RowWarning>), RowProblem>,
}

/// Why a row is not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    /// The stable code.
    pub code: &'static str,
    /// A sentence for people.
    pub reason: String,
}

impl From<RowError> for RowProblem {
    fn from(error: RowError) -> Self {
        Self { code: error.code(), reason: error.to_string() }
    }
}

/// Rows, and where they end.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The rows, in file order.
    pub rows: Vec<Row>,
    /// Byte and line behind the last of them.
    pub end: (u64, u64),
}

/// Reads a contact file.
#[derive(Debug)]
pub struct RowReader {
    reader: csv::Reader<File>,
    path: PathBuf,
    mapping: Mapping,
    email_column: usize,
    currency: Currency,
    add_tags: Vec<TagName>,
    delimiter: u8,
}

impl RowReader {
    /// Starts at a position: byte and line.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn new(
        path: &Path,
        file: &ContactFile,
        currency: Currency,
        add_tags: Vec<TagName>,
        start: (u64, u64),
    ) -> Result<Self, csv::Error> {
        let mut reader = csv_reader(file.delimiter).from_reader(File::open(path)?);
        let mut position = csv::Position::new();
        position.set_byte(start.0).set_line(start.1);
        reader.seek(position)?;
        let email_column = file.mapping.columns().iter().position(|c| *c == Column::Email).unwrap_or(0);
        Ok(Self {
            reader,
            path: path.to_owned(),
            mapping: file.mapping.clone(),
            email_column,
            currency,
            add_tags,
            delimiter: file.delimiter,
        })
    }

    /// The next rows, at most `size`; `None` at the end of the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_batch(&mut self, size: usize) -> Result<Option<Batch>, csv::Error> {
        let mut rows = Vec::with_capacity(size);
        let mut record = csv::ByteRecord::new();
        while rows.len() < size && self.reader.read_byte_record(&mut record)? {
            let row = self.row(&record)?;
            rows.push(row);
        }
        let position = self.reader.position();
        Ok((!rows.is_empty()).then(|| Batch { rows, end: (position.byte(), position.line()) }))
    }

    fn row(&self, record: &csv::ByteRecord) -> Result<Row, csv::Error> {
        let (start, line) = record.position().map_or((0, 0), |at| (at.byte(), at.line()));
        let email = record.get(self.email_column).unwrap_or_default();
        let email: String =
            String::from_utf8_lossy(email).chars().take_while(|c| !c.is_control()).take(254).collect();
        // A cell with a line break is where a quote that is never closed swallows the rest.
        let suspicious = record.iter().any(|cell| cell.contains(&b'\n'));
        let contact = if suspicious && self.is_badly_quoted(start)? {
            Err(RowProblem {
                code: "broken_quoting",
                reason: "A quote is not closed, or text follows a closing quote; the row may have swallowed \
                         others."
                    .to_owned(),
            })
        } else {
            self.contact(record)
        };
        Ok(Row { line, email, contact })
    }

    fn contact(&self, record: &csv::ByteRecord) -> Result<(Contact, Vec<RowWarning>), RowProblem> {
        let cells: Result<Vec<&str>, _> = record.iter().map(std::str::from_utf8).collect();
        let cells = cells.map_err(|_| RowError::Encoding)?;
        let (mut contact, warnings) = row::read(&self.mapping, &cells, self.currency)?;
        contact.tags.extend(self.add_tags.iter().cloned());
        Ok((contact, warnings))
    }

    /// Reads the record at `start` once more, strictly as RFC 4180 has it.
    fn is_badly_quoted(&self, start: u64) -> Result<bool, csv::Error> {
        let end = self.reader.position().byte();
        let mut file = BufReader::new(File::open(&self.path)?);
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        file.take(end.saturating_sub(start)).read_to_end(&mut bytes)?;
        Ok(breaks_quoting(&bytes, self.delimiter))
    }
}

/// Whether a quoted cell is not closed, or is followed by anything but a delimiter or
/// the end of the line.
fn breaks_quoting(record: &[u8], delimiter: u8) -> bool {
    let mut rest = record;
    while let Some(start) = cell_start(rest) {
        rest = &rest[start..];
        if rest.first() != Some(&b'"') {
            let Some(next) = rest.iter().position(|b| *b == delimiter) else { return false };
            rest = &rest[next + 1..];
            continue;
        }
        rest = &rest[1..];
        loop {
            let Some(quote) = rest.iter().position(|b| *b == b'"') else { return true };
            rest = &rest[quote + 1..];
            match rest.first() {
                Some(b'"') => rest = &rest[1..],
                None | Some(b'\r' | b'\n') => return false,
                Some(b) if *b == delimiter => {
                    rest = &rest[1..];
                    break;
                }
                Some(_) => return true,
            }
        }
    }
    false
}

/// Where the next cell starts, past line breaks left over from the record before.
fn cell_start(rest: &[u8]) -> Option<usize> {
    rest.iter().position(|b| !matches!(b, b'\r' | b'\n'))
}

#[cfg(test)]
mod tests {
    use super::breaks_quoting;

    #[test]
    fn quotes_that_are_not_closed_are_seen() {
        for (record, broken) in [
            ("a@x.com,\"two\r\nlines\",x\r\n", false),
            ("a@x.com,\"say \"\"hi\"\"\nthere\"\n", false),
            ("\n\"a\nb\",c", false),
            ("a@x.com,\"never closed\nb@x.com,Bob\n", true),
            ("a@x.com,\"Bob,x\nb@x.com,\"Ann\",y\n", true),
            ("a,5\" disk,\"x\ny\"", false),
        ] {
            assert_eq!(breaks_quoting(record.as_bytes(), b','), broken, "{record:?}");
        }
    }
}
