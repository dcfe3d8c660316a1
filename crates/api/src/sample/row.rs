//! The columns of the file and how a row is written.
//!
//! Written by hand rather than with the `csv` crate because the file must contain what that
//! crate refuses or hides: blank lines between rows, rows that are too short or too long.

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

/// How many columns there are.
pub const COLUMNS: usize = Column::Plugin as usize + 1;

/// The header row, named as ActiveCampaign's full export does, and one field nobody knows.
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

/// One row, used again and again so that a million rows need no million allocations per column.
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

/// How many cells a written row has.
#[derive(Clone, Copy)]
pub enum Shape<'a> {
    /// As many as the header.
    Full,
    /// Only the first so many.
    Short(usize),
    /// All, followed by these.
    Long(&'a [&'a str]),
}

/// Writes rows: comma, quotes where needed, CRLF, a byte order mark in front.
pub struct CsvFile<W: Write> {
    out: BufWriter<W>,
    line: String,
}

impl<W: Write> CsvFile<W> {
    /// Starts the file with the byte order mark and the header.
    ///
    /// # Errors
    /// When the output can't be written.
    pub fn start(out: W) -> io::Result<Self> {
        let mut file = Self { out: BufWriter::with_capacity(1 << 16, out), line: String::new() };
        file.out.write_all("\u{feff}".as_bytes())?;
        file.line(HEADER.iter().copied())?;
        Ok(file)
    }

    /// Writes one row.
    ///
    /// # Errors
    /// When the output can't be written.
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
    /// When the output can't be written.
    pub fn blank_line(&mut self) -> io::Result<()> {
        self.out.write_all(b"\r\n")
    }

    /// Makes sure that everything has been written.
    ///
    /// # Errors
    /// When the output can't be written.
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
