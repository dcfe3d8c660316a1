//! Writes the rows of the file, and counts the expected outcome of their import.

use super::people::{Consent, Kind, People};
use super::quirks::{CellQuirk, DuplicateQuirk, InvalidQuirk, QUIRKS, Quirk};
use super::rng::{Purpose, Rng};
use super::row::{COLUMNS, CsvFile, Row, Shape};
use super::schedule::Schedule;
use super::{Expected, SampleOptions, cells, contacts, duplicates};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// One of this many ordinary rows is kept for exact duplicates.
const REMEMBER_EVERY: u64 = 64;

/// The state of the file generator.
pub struct Generator<'a, W: Write> {
    options: &'a SampleOptions,
    people: &'a People,
    file: CsvFile<W>,
    row: Row,
    /// Number of rows written.
    rows: u64,
    /// Number of people with a valid row; also the index of the next person.
    next: u64,
    /// Consent of people, where a later row has made it stricter.
    stricter: BTreeMap<u64, Consent>,
    /// Some people whose first row has no quirk.
    ordinary: Vec<u64>,
    /// Whether the last row was the first one of a person.
    after_first_row: bool,
    expected: Expected,
}

impl<'a, W: Write> Generator<'a, W> {
    /// Starts a file.
    ///
    /// # Errors
    /// [`io::Error`] of the output.
    pub fn start(options: &'a SampleOptions, people: &'a People, out: W) -> io::Result<Self> {
        Ok(Self {
            options,
            people,
            file: CsvFile::start(out)?,
            row: Row::default(),
            rows: 0,
            next: 0,
            stricter: BTreeMap::new(),
            ordinary: Vec::new(),
            after_first_row: false,
            expected: Expected::default(),
        })
    }

    /// Writes all rows. The number of people in them is [`Expected::created`].
    ///
    /// # Errors
    /// [`io::Error`] of the output.
    pub fn run(mut self) -> io::Result<Expected> {
        let mut schedule = Schedule::new(self.options.seed, self.options.rows);
        let mut due = Vec::new();
        while self.rows < self.options.rows {
            schedule.due(self.rows, &mut due);
            let mut written = false;
            for &quirk in &due {
                let spec = &QUIRKS[quirk];
                if self.unusual(spec.quirk)? {
                    schedule.done(quirk);
                    self.count(spec.name);
                    written = true;
                    break;
                }
            }
            if !written {
                self.first_row(None, Shape::Full)?;
            }
            self.rows += 1;
        }
        self.file.finish()?;
        self.expected.rows = self.rows;
        Ok(self.expected)
    }

    /// Writes a row with a quirk; `false` if that is not possible at this row.
    fn unusual(&mut self, quirk: Quirk) -> io::Result<bool> {
        match quirk {
            Quirk::Cell(CellQuirk::StatusDigit(consent)) if self.people.consent(self.next) != consent => {
                return Ok(false);
            }
            Quirk::Cell(cell) => self.first_row(Some(cell), Shape::Full)?,
            Quirk::BlankLine => {
                self.file.blank_line()?;
                self.first_row(None, Shape::Full)?;
            }
            Quirk::ShortRow => {
                self.warn("short_row");
                self.first_row(None, Shape::Short(COLUMNS - 1))?;
            }
            Quirk::LongRowEmpty => self.first_row(None, Shape::Long(&["", ""]))?,
            Quirk::LongRowData => self.invalid(None, Shape::Long(&["", "moved here"]))?,
            Quirk::Invalid(reason) => self.invalid(Some(reason), Shape::Full)?,
            Quirk::Duplicate(kind) => return self.duplicate(kind),
        }
        Ok(true)
    }

    /// Writes the first valid row about the next person.
    fn first_row(&mut self, quirk: Option<CellQuirk>, shape: Shape<'_>) -> io::Result<()> {
        let person = self.people.person(self.next);
        contacts::fill(&mut self.row, &person, self.options.seed);
        let mut rng = self.rng();
        match quirk {
            Some(quirk) => cells::apply(&mut self.row, quirk, &person, &mut rng),
            None if matches!(shape, Shape::Full) && self.next.is_multiple_of(REMEMBER_EVERY) => {
                self.ordinary.push(self.next);
            }
            None => {}
        }
        self.file.row(&self.row, shape)?;
        self.next += 1;
        self.after_first_row = true;
        self.expected.created += 1;
        *self.expected.by_consent.of(person.consent) += 1;
        match People::kind(person.index) {
            Kind::Ordinary | Kind::Anchor => {}
            Kind::GmailDots => self.count("gmail_dots"),
            Kind::SubAddress => self.count("sub_address"),
            Kind::Idn => self.count("idn_domain"),
        }
        Ok(())
    }

    /// Writes an invalid row about the next person, whose valid row follows later.
    fn invalid(&mut self, reason: Option<InvalidQuirk>, shape: Shape<'_>) -> io::Result<()> {
        let person = self.people.person(self.next);
        contacts::fill(&mut self.row, &person, self.options.seed);
        let mut rng = self.rng();
        if let Some(reason) = reason {
            cells::spoil(&mut self.row, reason, &person, &mut rng);
        }
        self.after_first_row = false;
        self.expected.invalid += 1;
        self.file.row(&self.row, shape)
    }

    /// Writes a further row about an earlier person; `false` if the quirk fits no person so far.
    fn duplicate(&mut self, quirk: DuplicateQuirk) -> io::Result<bool> {
        let mut rng = self.rng();
        let Some(index) = self.somebody_for(quirk, &mut rng) else {
            return Ok(false);
        };
        let person = self.people.person(index);
        contacts::fill(&mut self.row, &person, self.options.seed);
        let made = duplicates::apply(&mut self.row, quirk, &person, self.rows, &mut rng);
        self.file.row(&self.row, made.shape)?;
        if matches!(made.shape, Shape::Short(_)) {
            self.warn("short_row");
        }
        self.after_first_row = false;
        self.expected.duplicate_in_file += 1;
        // The strictest consent of a file wins, regardless of the order.
        let before = self.consent(index);
        if let Some(stated) = made.consent.filter(|stated| *stated > before) {
            self.stricter.insert(index, stated);
            *self.expected.by_consent.of(before) -= 1;
            *self.expected.by_consent.of(stated) += 1;
        }
        Ok(true)
    }

    fn somebody_for(&self, quirk: DuplicateQuirk, rng: &mut Rng) -> Option<u64> {
        let somebody = |people: u64, rng: &mut Rng| (people > 0).then(|| rng.below(people));
        match quirk {
            DuplicateQuirk::Exact => {
                somebody(self.ordinary.len() as u64, rng).map(|place| self.ordinary[place as usize])
            }
            DuplicateQuirk::Adjacent => self.after_first_row.then(|| self.next - 1),
            DuplicateQuirk::Far => somebody(self.options.rows / 10, rng),
            DuplicateQuirk::IdnAscii | DuplicateQuirk::IdnDecomposed => {
                self.search(rng, |index| People::kind(index) == Kind::Idn)
            }
            DuplicateQuirk::Consent { from, .. } => {
                self.search(rng, |index| self.people.consent(index) == from && self.consent(index) == from)
            }
            _ => somebody(self.next, rng),
        }
    }

    /// The first person with a property, searched from a random start.
    fn search(&self, rng: &mut Rng, suits: impl Fn(u64) -> bool) -> Option<u64> {
        const FAR_ENOUGH: u64 = 1_000;
        let start = rng.below(self.next);
        (start..self.next).chain(0..start).take(FAR_ENOUGH as usize).find(|index| suits(*index))
    }

    fn consent(&self, index: u64) -> Consent {
        let stricter = self.stricter.get(&index).copied();
        stricter.unwrap_or_else(|| self.people.consent(index))
    }

    fn rng(&self) -> Rng {
        Rng::new(self.options.seed, Purpose::Row, self.rows)
    }

    fn count(&mut self, quirk: &str) {
        *self.expected.quirks.entry(quirk.to_owned()).or_default() += 1;
    }

    fn warn(&mut self, warning: &str) {
        *self.expected.warnings.entry(warning.to_owned()).or_default() += 1;
    }
}
