//! The columns of the file, and the CSV writer.
//!
//! The `csv` crate is not used, because it refuses or hides what the file must contain: blank lines
//! between rows, and rows that are too short or too long.

use std::io::{self, BufWriter, Write};

/// The columns in the order of the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Column {
    Id,
    Email,
    FirstName,
    LastName,
    Phone,
    Tags,
    Score,
    Daw,
    TypeOfMusic,
    Goals,
    Alias,
    Level,
    Experience,
    Reason,
    Genre,
    Opens,
    Clicks,
    LastOpen,
    City,
    State,
    StateCode,
    Zip,
    Country,
    CountryCode,
    Created,
    Ip,
    Status,
    Plugin,
}

/// Number of columns.
pub const COLUMNS: usize = Column::Plugin as usize + 1;

/// The header row as in ActiveCampaign's full export, plus one field that importers do not know.
pub const HEADER: [&str; COLUMNS] = [
    "ID",
    "Email",
    "First Name",
    "Last Name",
    "Phone Number",
    "Tags",
    "*Score 7",
    "*DAW",
    "*Type of Music",
    "*Goals",
    "*Music Alias",
    "*Student Level",
    "*How long have you been producing for",
    "*Why did you sign up",
    "*Genre Specialty",
    "*Opens Email",
    "*Clicks Links",
    "*Last Open Date",
    "*City",
    "*State",
    "*State Code",
    "*Zip Code",
    "*Country",
    "*Country Code",
    "Date Created",
    "IP",
    "Status",
    "*Favourite Plugin",
];

/// A reusable row buffer, which avoids an allocation per cell.
#[derive(Default)]
pub struct Row {
    cells: [String; COLUMNS],
}

impl Row {
    /// Makes every cell blank.
    pub fn clear(&mut self) {
        self.cells.iter_mut().for_each(String::clear);
    }

    /// The text of a cell.
    pub fn get(&self, column: Column) -> &str {
        &self.cells[column as usize]
    }

    /// The cell, to write into.
    pub fn cell(&mut self, column: Column) -> &mut String {
        &mut self.cells[column as usize]
    }

    /// Replaces the text of a cell.
    pub fn set(&mut self, column: Column, text: &str) {
        let cell = self.cell(column);
        cell.clear();
        cell.push_str(text);
    }
}

/// The number of cells of a written row.
#[derive(Clone, Copy)]
pub enum Shape<'a> {
    /// As many as the header has.
    Full,
    /// Only the first ones, by number.
    Short(usize),
    /// All, followed by additional cells.
    Long(&'a [&'a str]),
}

/// Writes rows as CSV: comma, quotes where needed, CRLF, with a byte order mark.
pub struct CsvFile<W: Write> {
    out: BufWriter<W>,
    line: String,
}

impl<W: Write> CsvFile<W> {
    /// Starts the file with the byte order mark and the header.
    ///
    /// # Errors
    /// [`io::Error`] of the output.
    pub fn start(out: W) -> io::Result<Self> {
        let mut file = Self { out: BufWriter::with_capacity(1 << 16, out), line: String::new() };
        file.out.write_all("\u{feff}".as_bytes())?;
        file.line(HEADER.iter().copied())?;
        Ok(file)
    }

    /// Writes one row.
    ///
    /// # Errors
    /// [`io::Error`] of the output.
    pub fn row(&mut self, row: &Row, shape: Shape<'_>) -> io::Result<()> {
        let (cells, extra): (usize, &[&str]) = match shape {
            Shape::Full => (COLUMNS, &[]),
            Shape::Short(cells) => (cells, &[]),
            Shape::Long(extra) => (COLUMNS, extra),
        };
        let cells = row.cells[..cells].iter().map(String::as_str);
        self.line(cells.chain(extra.iter().copied()))
    }

    /// Writes an empty line, which CSV readers skip.
    ///
    /// # Errors
    /// [`io::Error`] of the output.
    pub fn blank_line(&mut self) -> io::Result<()> {
        self.out.write_all(b"\r\n")
    }

    /// Flushes the output.
    ///
    /// # Errors
    /// [`io::Error`] of the output.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn line<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> io::Result<()> {
        self.line.clear();
        for (index, cell) in cells.enumerate() {
            if index > 0 {
                self.line.push(',');
            }
            if cell.contains([',', '"', '\r', '\n']) {
                self.line.push('"');
                for (part, text) in cell.split('"').enumerate() {
                    if part > 0 {
                        self.line.push_str("\"\"");
                    }
                    self.line.push_str(text);
                }
                self.line.push('"');
            } else {
                self.line.push_str(cell);
            }
        }
        self.line.push_str("\r\n");
        self.out.write_all(self.line.as_bytes())
    }
}
