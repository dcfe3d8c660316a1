//! The ordinary cells of a person's row.

use super::addresses;
use super::dates::{DateFormat, NEWEST, write_date};
use super::people::Person;
use super::rng::{Purpose, Rng};
use super::row::{Column, Row};
use super::topics::{DAWS, EXPERIENCE, GENRES, GOALS, LEVELS, PLUGINS, REASONS, TAGS};
use std::fmt::Write;

/// Fills a row with the values of a person's first row; deterministic per person.
pub fn fill(row: &mut Row, person: &Person, seed: u64) {
    let rng = &mut Rng::new(seed, Purpose::Profile, person.index);
    row.clear();
    number(row.cell(Column::Id), 1_000 + person.index);
    row.set(Column::Email, &person.email);
    names(row, person, rng);
    if rng.percent(42) {
        phone(row, person, rng);
    }
    tags(row, rng);
    if rng.percent(92) {
        number(row.cell(Column::Score), rng.skewed(601));
    }
    answers(row, person, rng);
    engagement(row, person, rng);
    place(row, person, rng);
    write_date(row.cell(Column::Created), person.created, DateFormat::DateTime, 0);
    if rng.percent(90) {
        ip(row, rng);
    }
    row.set(Column::Status, person.consent.status());
    if rng.percent(18) {
        row.set(Column::Plugin, rng.pick_popular(PLUGINS));
    }
}

/// Names are sometimes missing, or in lower or upper case.
fn names(row: &mut Row, person: &Person, rng: &mut Rng) {
    let (first, last) = match rng.below(100) {
        0..3 => ("", ""),
        3..13 => (person.first, ""),
        _ => (person.first, person.last),
    };
    match rng.below(100) {
        0..6 => {
            row.set(Column::FirstName, &first.to_lowercase());
            row.set(Column::LastName, &last.to_lowercase());
        }
        6..8 => {
            row.set(Column::FirstName, &first.to_uppercase());
            row.set(Column::LastName, &last.to_uppercase());
        }
        _ => {
            row.set(Column::FirstName, first);
            row.set(Column::LastName, last);
        }
    }
}

/// Writes a telephone number in one of the country's notations.
pub fn phone(row: &mut Row, person: &Person, rng: &mut Rng) {
    let pattern = rng.pick(person.country.phones);
    let cell = row.cell(Column::Phone);
    cell.clear();
    follow(cell, pattern, rng);
}

/// Replaces the tags by up to six others, popular ones more often.
pub fn tags(row: &mut Row, rng: &mut Rng) {
    let cell = row.cell(Column::Tags);
    cell.clear();
    let mut chosen = [usize::MAX; 6];
    let count = rng.skewed(7).max(rng.below(4)) as usize;
    for place in 0..count {
        let tag = rng.skewed(TAGS.len() as u64) as usize;
        if chosen.contains(&tag) {
            continue;
        }
        chosen[place] = tag;
        if !cell.is_empty() {
            cell.push(',');
        }
        cell.push_str(TAGS[tag]);
    }
}

/// Replaces city, state and postal code by others of the same country.
pub fn place(row: &mut Row, person: &Person, rng: &mut Rng) {
    if rng.percent(88) {
        row.set(Column::Country, person.country.name);
        row.set(Column::CountryCode, person.country.code);
    }
    if rng.percent(70) {
        let (city, state, state_code) = rng.pick_popular(person.country.cities);
        row.set(Column::City, city);
        row.set(Column::State, state);
        row.set(Column::StateCode, state_code);
    }
    if rng.percent(45) {
        let cell = row.cell(Column::Zip);
        cell.clear();
        follow(cell, person.country.zip, rng);
    }
}

fn answers(row: &mut Row, person: &Person, rng: &mut Rng) {
    if rng.percent(62) {
        row.set(Column::Daw, rng.pick_popular(DAWS));
    }
    if rng.percent(60) {
        several(row.cell(Column::TypeOfMusic), GENRES, rng);
    }
    if rng.percent(45) {
        several(row.cell(Column::Goals), GOALS, rng);
    }
    if rng.percent(35) {
        alias(row.cell(Column::Alias), person, rng);
    }
    if rng.percent(55) {
        row.set(Column::Level, rng.pick_popular(LEVELS));
    }
    if rng.percent(50) {
        row.set(Column::Experience, rng.pick_popular(EXPERIENCE));
    }
    if rng.percent(40) {
        row.set(Column::Reason, rng.pick_popular(REASONS));
    }
    if rng.percent(40) {
        row.set(Column::Genre, rng.pick_popular(GENRES));
    }
}

/// Several answers joined by `||`; some exports also add it at both ends.
fn several(cell: &mut String, choices: &[&str], rng: &mut Rng) {
    let edges = rng.percent(12);
    if edges {
        cell.push_str("||");
    }
    let first = rng.skewed(choices.len() as u64) as usize;
    cell.push_str(choices[first]);
    let mut last = first;
    for _ in 0..rng.skewed(4) {
        // Only steps forward, so that no answer is repeated.
        last += 1 + rng.below(4) as usize;
        if let Some(choice) = choices.get(last) {
            cell.push_str("||");
            cell.push_str(choice);
        }
    }
    if edges {
        cell.push_str("||");
    }
}

fn alias(cell: &mut String, person: &Person, rng: &mut Rng) {
    let (one, two, _) = addresses::alias(person.index);
    match rng.below(5) {
        0 => cell.push_str(&format!("{one} {two}").to_uppercase()),
        1 => cell.push_str(&format!("{one}{two}")),
        2 => cell.push_str(&format!("DJ {}", person.first)),
        _ => {
            capitalised(cell, one);
            cell.push(' ');
            capitalised(cell, two);
        }
    }
}

fn capitalised(cell: &mut String, word: &str) {
    let mut letters = word.chars();
    cell.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
    cell.push_str(letters.as_str());
}

/// Exports have several notations for yes and no, and no date for a contact without an open.
fn engagement(row: &mut Row, person: &Person, rng: &mut Rng) {
    let (yes, no) = match rng.below(10) {
        0 => ("true", "false"),
        1 => ("yes", "no"),
        2 => ("Yes", "No"),
        _ => ("1", "0"),
    };
    let opens = rng.percent(66);
    let clicks = opens && rng.percent(35);
    row.set(Column::Opens, if opens { yes } else { no });
    row.set(Column::Clicks, if clicks { yes } else { no });
    if opens {
        write_date(row.cell(Column::LastOpen), last_open(person, rng), DateFormat::DateTime, 0);
    }
}

/// A plausible time of an open, in seconds since 1970; mostly recent.
pub fn last_open(person: &Person, rng: &mut Rng) -> i64 {
    let known_for = (NEWEST - person.created).max(1);
    NEWEST - 1 - rng.skewed(known_for as u64) as i64
}

/// IP addresses of the three blocks that RFC 5737 reserves for documentation.
fn ip(row: &mut Row, rng: &mut Rng) {
    let block = rng.pick(&["192.0.2.", "198.51.100.", "203.0.113."]);
    row.set(Column::Ip, block);
    number(row.cell(Column::Ip), 1 + rng.below(254));
}

fn follow(cell: &mut String, pattern: &str, rng: &mut Rng) {
    for symbol in pattern.chars() {
        cell.push(match symbol {
            '#' => char::from(b'0' + rng.below(10) as u8),
            '@' => char::from(b'A' + rng.below(26) as u8),
            other => other,
        });
    }
}

fn number(cell: &mut String, number: u64) {
    // Writing to a string cannot fail.
    let _ = write!(cell, "{number}");
}
