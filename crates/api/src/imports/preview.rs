//! The start of a contact file, for people who decide what its columns mean.
//!
//! Shows any text that has lines, also one that cannot be imported as it is: then it is the
//! mapping that has to be put right. Reads only, since the file may be imported meanwhile.

use std::{collections::BTreeMap, path::Path};

use fanbase_domain::{
    import::columns::{Column, Mapping},
    text,
    wire::imports::{ImportOptions, ImportPreviewResponse, PreviewColumn},
};

use super::{
    file::{self, FileError},
    records::{Position, Record, RecordReader},
};

/// Rows that are shown.
const ROWS: usize = 10;
/// Values of a column that are shown.
const SAMPLES: usize = 5;
/// Characters of a cell that are shown.
const CELL: usize = 200;

/// Reads the start of a file.
///
/// # Errors
/// When it is empty or no text.
pub fn read(path: &Path, options: &ImportOptions) -> Result<ImportPreviewResponse, FileError> {
    let (text, encoding, goes_on) = file::start_of(path, options.encoding.as_deref())?;
    let chosen = options.delimiter.and_then(|delimiter| u8::try_from(delimiter).ok());
    let delimiter = chosen.unwrap_or_else(|| file::delimiter_of(text.as_bytes()));
    let mut rows = records(&text, delimiter, goes_on)?;
    if rows.is_empty() {
        return Err(FileError::Empty);
    }
    let first: Vec<&str> = rows[0].iter().map(String::as_str).collect();
    let mapping = mapping(&first, options);
    let has_header = mapping.contains(&Column::Email) || !file::is_row(&first);
    let header = if has_header { rows.remove(0) } else { Vec::new() };
    let columns = mapping.iter().enumerate().map(|(i, column)| PreviewColumn {
        name: header.get(i).cloned().unwrap_or_else(|| format!("Column {}", i + 1)),
        field: (has_header && *column != Column::Ignore).then(|| column.target()),
        samples: samples(&rows, i),
    });
    Ok(ImportPreviewResponse {
        delimiter: char::from(delimiter).to_string(),
        encoding: encoding.to_lowercase(),
        has_header,
        columns: columns.collect(),
        rows: rows.iter().take(ROWS).map(|row| row.iter().map(|cell| shown(cell)).collect()).collect(),
    })
}

/// The records at the start; the last one may be cut off where the start ends.
fn records(text: &str, delimiter: u8, goes_on: bool) -> Result<Vec<Vec<String>>, FileError> {
    let mut reader = RecordReader::new(text.as_bytes(), delimiter, Position::default());
    let (mut records, mut record) = (Vec::new(), Record::default());
    while let Some(outcome) = reader.next(&mut record)? {
        match outcome {
            Err(error) if records.is_empty() => return Err(error.into()),
            Err(_) => {}
            Ok(()) => records.push((0..record.len()).map(|i| record.lossy(i)).collect()),
        }
    }
    if goes_on && records.len() > 1 {
        records.pop();
    }
    Ok(records)
}

/// What the columns mean by the mapping that was asked for, or by themselves if it does not fit.
fn mapping(header: &[&str], options: &ImportOptions) -> Vec<Column> {
    let mapping = Mapping::guess(header, &options.mapping);
    let mapping = mapping.or_else(|_| Mapping::guess(header, &BTreeMap::new()));
    mapping.map_or_else(|_| vec![Column::Ignore; header.len()], |mapping| mapping.columns().to_vec())
}

fn samples(rows: &[Vec<String>], column: usize) -> Vec<String> {
    let mut samples: Vec<String> = Vec::new();
    for cell in rows.iter().filter_map(|row| text::non_blank(row.get(column)?)) {
        let cell = shown(cell);
        if !samples.contains(&cell) {
            samples.push(cell);
        }
        if samples.len() == SAMPLES {
            break;
        }
    }
    samples
}

fn shown(cell: &str) -> String {
    text::trim(cell).chars().filter(|c| !c.is_control() || c.is_whitespace()).take(CELL).collect()
}
