//! The start of a contact file, for people who check what its columns are taken for.

use std::{fs::File, path::Path};

use fanbase_domain::wire::imports::{FileShape, ImportOptions, ImportPreviewResponse, PreviewColumn};

use super::file::{self, ContactFile, FileError, csv_reader};

/// Rows that are shown.
const ROWS: usize = 10;
/// Rows that are searched for samples.
const SEARCHED: usize = 500;
/// Values of a column that are shown.
const SAMPLES: usize = 5;
/// Characters of a cell that are shown.
const CELL: usize = 200;
/// What a column that nobody needs is mapped to.
const IGNORED: &str = "ignore";

/// Reads the start of a file.
///
/// # Errors
/// When it cannot be imported.
pub fn read(path: &Path, options: &ImportOptions) -> Result<ImportPreviewResponse, FileError> {
    let ContactFile { delimiter, first_row, shape, .. } = file::open(path, options)?;
    let FileShape { encoding, delimiter: separator, columns } = shape;
    let mut columns: Vec<PreviewColumn> = columns
        .into_iter()
        .map(|column| PreviewColumn {
            name: column.header,
            field: (column.target != IGNORED).then_some(column.target),
            samples: Vec::new(),
        })
        .collect();
    let mut reader = csv_reader(delimiter).from_reader(File::open(path)?);
    let mut position = csv::Position::new();
    position.set_byte(first_row.0).set_line(first_row.1);
    reader.seek(position)?;
    let mut rows = Vec::new();
    let mut record = csv::ByteRecord::new();
    for row in 0..SEARCHED {
        if !reader.read_byte_record(&mut record)? {
            break;
        }
        let cells: Vec<String> = record.iter().map(shown).collect();
        for (column, cell) in columns.iter_mut().zip(&cells) {
            let new = !cell.is_empty() && !column.samples.contains(cell);
            if new && column.samples.len() < SAMPLES {
                column.samples.push(cell.clone());
            }
        }
        if row < ROWS {
            rows.push(cells);
        }
    }
    Ok(ImportPreviewResponse { delimiter: separator, encoding, has_header: true, columns, rows })
}

fn shown(cell: &[u8]) -> String {
    String::from_utf8_lossy(cell).trim().chars().take(CELL).collect()
}
