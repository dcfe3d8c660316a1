//! Further rows about people with an earlier row.

use super::addresses::{IDN_DOMAIN_ASCII, IDN_DOMAIN_DECOMPOSED};
use super::cells::capitalised_address;
use super::contacts;
use super::dates::{DAY, DateFormat, NEWEST, write_date};
use super::people::{Consent, Person};
use super::quirks::DuplicateQuirk;
use super::rng::Rng;
use super::row::{Column, Row, Shape};
use super::topics::DAWS;

/// A duplicate row, ready to be written.
pub struct Duplicate {
    /// Number of its cells.
    pub shape: Shape<'static>,
    /// The stated consent; `None` if the Status cell is blank or missing.
    pub consent: Option<Consent>,
}

/// Turns a row with the values of a person's first row into a later row.
pub fn apply(
    row: &mut Row,
    quirk: DuplicateQuirk,
    person: &Person,
    row_number: u64,
    rng: &mut Rng,
) -> Duplicate {
    let mut duplicate = Duplicate { shape: Shape::Full, consent: Some(person.consent) };
    if quirk == DuplicateQuirk::Exact {
        return duplicate;
    }
    row.set(Column::Id, &(9_000_000 + row_number).to_string());
    let email = person.email.as_str();
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    match quirk {
        DuplicateQuirk::Exact => {}
        DuplicateQuirk::Case if rng.percent(50) => {
            row.set(Column::Email, &capitalised_address(email));
        }
        DuplicateQuirk::Case => row.set(Column::Email, &email.to_uppercase()),
        DuplicateQuirk::UpperDomain => {
            row.set(Column::Email, &format!("{local}@{}", domain.to_uppercase()));
        }
        DuplicateQuirk::Spaces => surround(row, email, " ", rng),
        DuplicateQuirk::NoBreakSpace => surround(row, email, "\u{a0}", rng),
        DuplicateQuirk::ZeroWidth => surround(row, email, "\u{200b}", rng),
        DuplicateQuirk::ByteOrderMark => row.set(Column::Email, &format!("\u{feff}{email}")),
        DuplicateQuirk::TrailingDot => row.set(Column::Email, &format!("{email}.")),
        DuplicateQuirk::Adjacent => contacts::phone(row, person, rng),
        DuplicateQuirk::Far => vary(row, person, rng),
        DuplicateQuirk::BlankCells => {
            blank(row, person, rng);
            duplicate.consent = None;
        }
        DuplicateQuirk::ShortRow => {
            duplicate.shape = Shape::Short(2 + rng.below(8) as usize);
            duplicate.consent = None;
        }
        DuplicateQuirk::NewerValues => {
            vary(row, person, rng);
            newer(row, person, rng);
        }
        DuplicateQuirk::IdnAscii => {
            row.set(Column::Email, &format!("{local}@{IDN_DOMAIN_ASCII}"));
        }
        DuplicateQuirk::IdnDecomposed => {
            row.set(Column::Email, &format!("{local}@{IDN_DOMAIN_DECOMPOSED}"));
        }
        DuplicateQuirk::Consent { to, .. } => {
            row.set(Column::Status, to.status());
            duplicate.consent = Some(to);
        }
    }
    duplicate
}

/// Adds invisible characters before or after the e-mail address, or both.
fn surround(row: &mut Row, email: &str, invisible: &str, rng: &mut Rng) {
    let text = match rng.below(3) {
        0 => format!("{invisible}{email}"),
        1 => format!("{email}{invisible}"),
        _ => format!("{invisible}{email}{invisible}"),
    };
    row.set(Column::Email, &text);
}

/// Blanks all cells but the e-mail address; half of the rows get other tags.
fn blank(row: &mut Row, person: &Person, rng: &mut Rng) {
    row.clear();
    row.set(Column::Email, &person.email);
    if rng.percent(50) {
        contacts::tags(row, rng);
    }
}

/// Changes tags, telephone number, city and DAW.
fn vary(row: &mut Row, person: &Person, rng: &mut Rng) {
    contacts::tags(row, rng);
    contacts::phone(row, person, rng);
    contacts::place(row, person, rng);
    row.set(Column::Daw, rng.pick_popular(DAWS));
}

/// States a later creation date and a recent open.
fn newer(row: &mut Row, person: &Person, rng: &mut Rng) {
    let created = (person.created + DAY * rng.below(400) as i64).min(NEWEST - 1);
    let opened = contacts::last_open(person, rng);
    for (column, seconds) in [(Column::Created, created), (Column::LastOpen, opened)] {
        let cell = row.cell(column);
        cell.clear();
        write_date(cell, seconds, DateFormat::DateTime, 0);
    }
}
