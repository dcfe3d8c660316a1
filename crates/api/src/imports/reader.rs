//! Reads the rows of a contact file in batches, from any position.

use std::{fs::File, io, path::Path};

use fanbase_domain::{
    import::{
        columns::{Column, Mapping},
        row::{self, RowError, RowWarning},
    },
    merge::Contact,
    money::Currency,
    tag::TagName,
};

use super::{
    file::ContactFile,
    records::{Position, Record, RecordError, RecordReader},
};

/// Approximate memory limit for the rows of a batch, in bytes.
const BATCH_BYTES: usize = 16 << 20;
/// Memory overhead per cell, in bytes.
const CELL_OVERHEAD: usize = 128;

/// One row of the file.
#[derive(Clone, Debug)]
pub struct Row {
    /// The line where it starts, from 1.
    pub line: u64,
    /// The e-mail address as written in the row, for the report.
    pub email: String,
    /// Its contact with warnings, or the reason why it is invalid.
    pub contact: Result<(Contact, Vec<RowWarning>), RowProblem>,
}

/// The reason why a row is not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    /// The stable code.
    pub code: &'static str,
    /// The message for people.
    pub reason: String,
}

impl From<RecordError> for RowProblem {
    fn from(error: RecordError) -> Self {
        Self { code: error.code(), reason: error.to_string() }
    }
}

impl From<RowError> for RowProblem {
    fn from(error: RowError) -> Self {
        Self { code: error.code(), reason: error.to_string() }
    }
}

/// A batch of rows, and its end position.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The rows, in file order.
    pub rows: Vec<Row>,
    /// Byte and line after the last row.
    pub end: (u64, u64),
}

/// Reads a contact file.
#[derive(Debug)]
pub struct RowReader {
    records: RecordReader<File>,
    mapping: Mapping,
    email_column: usize,
    currency: Currency,
    add_tags: Vec<TagName>,
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
        (byte, line): (u64, u64),
    ) -> io::Result<Self> {
        let columns = file.mapping.columns();
        let records = RecordReader::at(File::open(path)?, file.delimiter, Position { byte, line })?;
        Ok(Self {
            records: records.expecting(columns.len()),
            mapping: file.mapping.clone(),
            email_column: columns.iter().position(|c| *c == Column::Email).unwrap_or(0),
            currency,
            add_tags,
        })
    }

    /// The next rows, at most about `size`; `None` at the end of the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_batch(&mut self, size: usize) -> io::Result<Option<Batch>> {
        let mut rows = Vec::with_capacity(size);
        let mut record = Record::default();
        let mut bytes = 0;
        // A batch may grow to twice its size to include the remains of a broken row: a resumed import would
        // not recognise them.
        while (rows.len() < size && bytes < BATCH_BYTES) || self.is_between_remainders(rows.len(), size) {
            let Some(outcome) = self.records.next(&mut record)? else { break };
            bytes += record.bytes() + record.len() * CELL_OVERHEAD;
            rows.push(self.row(&record, outcome));
        }
        let Position { byte, line } = self.records.position();
        Ok((!rows.is_empty()).then_some(Batch { rows, end: (byte, line) }))
    }

    fn is_between_remainders(&self, rows: usize, size: usize) -> bool {
        self.records.is_recovering() && rows < 2 * size
    }

    fn row(&self, record: &Record, outcome: Result<(), RecordError>) -> Row {
        let email = record.lossy(self.email_column);
        let email: String = email.chars().take_while(|c| !c.is_control()).take(254).collect();
        let contact = outcome.map_err(RowProblem::from).and_then(|()| self.contact(record));
        Row { line: record.line, email, contact }
    }

    fn contact(&self, record: &Record) -> Result<(Contact, Vec<RowWarning>), RowProblem> {
        let cells = record.cells().ok_or(RowError::Encoding)?;
        let (mut contact, warnings) = row::read(&self.mapping, &cells, self.currency)?;
        contact.tags.extend(self.add_tags.iter().cloned());
        Ok((contact, warnings))
    }
}
