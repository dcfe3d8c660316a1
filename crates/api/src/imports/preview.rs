//! Previews the start of a contact file, for people who map its columns.
//!
//! Shows any text that has lines, even one that cannot be imported as it is and needs another mapping.
//! Read-only, since the file may be imported at the same time.

use std::{fs::File, io::Read as _, path::Path};

use fanbase_domain::{
    import::{
        columns::{Column, Mapping},
        survey::Survey,
    },
    text,
    wire::imports::{FileShape, ImportOptions, ImportPreviewResponse, PreviewColumn},
};

use super::{
    encoding,
    file::{self, FileError, SAMPLE_BYTES},
    records::{Record, RecordReader},
    separator::{self, Layout},
};

/// Maximum number of rows.
const ROWS: usize = 10;
/// Maximum number of sample values per column.
const SAMPLES: usize = 5;
/// Maximum number of characters per cell.
const CELL: usize = 200;

/// Previews the start of a file. `known` is the layout that a check of the whole file found.
///
/// # Errors
/// `FileError` when the file is empty or not text.
pub fn read(
    path: &Path,
    options: &ImportOptions,
    known: Option<&FileShape>,
) -> Result<ImportPreviewResponse, FileError> {
    let recognised = encoding::recognise(path, options.encoding.as_deref())?;
    let mut bytes = Vec::new();
    let file = File::open(path)?;
    let goes_on = file.metadata()?.len() > SAMPLE_BYTES as u64;
    file.take(SAMPLE_BYTES as u64).read_to_end(&mut bytes)?;
    let (text, ..) = recognised.encoding.decode_with_bom_removal(&bytes);
    let layout = separator::layout(text.as_bytes(), options.delimiter);
    let mut rows = records(&text, layout, goes_on)?;
    if rows.is_empty() {
        return Err(FileError::Empty);
    }
    let first: Vec<&str> = rows[0].iter().map(String::as_str).collect();
    let mapping = mapping(&first, options);
    let has_header = mapping.columns().contains(&Column::Email) || !file::is_row(&first);
    let header = if has_header { rows.remove(0) } else { Vec::new() };
    let names: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut survey = Survey::new(mapping.clone(), &names);
    for row in &rows {
        survey.row(&row.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let found =
        file::shape(recognised, layout.delimiter, &names, &file::finish(survey, options, layout.delimiter));
    // The check of the whole file is more precise than the sample.
    let known = known.filter(|known| known.columns.iter().map(|column| column.header.as_str()).eq(names));
    let shape = known.cloned().unwrap_or(found);
    let columns = (0..mapping.columns().len()).map(|i| {
        let column = shape.columns.get(i);
        let field = column.map(|column| column.target.clone()).filter(|target| target != "ignore");
        PreviewColumn {
            name: header.get(i).cloned().unwrap_or_else(|| format!("Column {}", i + 1)),
            field,
            unclear_consent: column.is_some_and(|column| column.unclear_consent),
            samples: samples(&rows, i),
        }
    });
    Ok(ImportPreviewResponse {
        has_header,
        columns: columns.collect(),
        rows: rows.iter().take(ROWS).map(|row| row.iter().map(|cell| shown(cell)).collect()).collect(),
        delimiter: shape.delimiter,
        encoding: shape.encoding,
        encoding_guessed: shape.encoding_guessed,
        says_consent: shape.says_consent,
        decimal: shape.decimal,
    })
}

/// The records of the sample; the last one may be cut off.
fn records(text: &str, layout: Layout, goes_on: bool) -> Result<Vec<Vec<String>>, FileError> {
    let start = usize::try_from(layout.header.byte).unwrap_or(0);
    let body = text.as_bytes().get(start..).unwrap_or_default();
    let mut reader = RecordReader::new(body, layout.delimiter, layout.header);
    let (mut records, mut record): (Vec<Vec<String>>, _) = (Vec::new(), Record::default());
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

/// The requested mapping; the one suggested by the headers if it does not fit.
fn mapping(header: &[&str], options: &ImportOptions) -> Mapping {
    Mapping::guess(header, &options.mapping).unwrap_or_else(|_| Mapping::of_headers(header))
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
