//! Consent values in cells: a word, yes or no, or the date of an event.

use super::dates::{self, DateCell};
use crate::{consent::Consent, text};

/// The consent value of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statement {
    /// Nothing: blank, or a word such as `n/a`.
    Nothing,
    /// Yes, or true.
    Yes,
    /// No, or false.
    No,
    /// The date of the event.
    Date,
    /// An unambiguous state of consent.
    Consent(Consent),
    /// A word or number that mail services use for a state, but that is ambiguous elsewhere.
    Vague(Consent),
    /// Not recognised.
    Unknown,
}

/// Unambiguous words for states of consent. Folded.
const CLEAR: [(Consent, &[&str]); 5] = [
    (
        Consent::Subscribed,
        &[
            "subscribed",
            "opted in",
            "opted-in",
            "opt in",
            "opt-in",
            "optin",
            "double opt-in",
            "single opt-in",
            "angemeldet",
            "abonniert",
            "abonne",
            "abonnee",
            "suscrito",
            "suscrita",
            "iscritto",
            "iscritta",
        ],
    ),
    (
        Consent::Unconfirmed,
        &[
            "unconfirmed",
            "not confirmed",
            "pending confirmation",
            "never subscribed",
            "not subscribed",
            "non-subscribed",
            "nonsubscribed",
            "transactional",
            "unbestatigt",
        ],
    ),
    (
        Consent::Unsubscribed,
        &[
            "unsubscribed",
            "unsubscribe",
            "opted out",
            "opted-out",
            "opt out",
            "opt-out",
            "optout",
            "optedout",
            "do not email",
            "do not mail",
            "do not contact",
            "blocklisted",
            "blacklisted",
            "suppressed",
            "abgemeldet",
            "ausgetragen",
            "desabonne",
            "desabonnee",
            "desinscrit",
            "desinscrite",
            "dado de baja",
            "dada de baja",
            "desuscrito",
            "descadastrado",
            "disiscritto",
            "disiscritta",
        ],
    ),
    (
        Consent::Bounced,
        &["bounced", "bounce", "hard bounce", "hard bounced", "hard-bounced", "cleaned", "undeliverable"],
    ),
    (
        Consent::Complained,
        &["complained", "complaint", "spam complaint", "marked as spam", "reported spam", "abuse"],
    ),
];

/// Words and numbers of mail services that are ambiguous elsewhere.
const VAGUE: [(Consent, &[&str]); 4] = [
    (
        Consent::Subscribed,
        &["1", "active", "enabled", "confirmed", "aktiv", "actif", "activo", "ativo", "attivo"],
    ),
    (Consent::Unconfirmed, &["0", "pending", "inactive"]),
    (Consent::Unsubscribed, &["2", "cancelled", "canceled", "disabled", "removed", "deleted"]),
    (Consent::Bounced, &["3"]),
];

const YES: [&str; 14] =
    ["1", "true", "yes", "y", "t", "x", "on", "ja", "wahr", "oui", "vrai", "si", "verdadero", "sim"];
const NO: [&str; 13] =
    ["0", "false", "no", "n", "f", "off", "never", "nein", "falsch", "non", "faux", "falso", "nao"];
const NOTHING: [&str; 8] = ["-", "--", "n/a", "na", "null", "none", "(none)", "nil"];

/// Parses a cell.
#[must_use]
pub fn read(cell: &str) -> Statement {
    let Some(cell) = text::non_blank(cell) else { return Statement::Nothing };
    let word = text::fold(cell);
    let word = word.as_str();
    if let Some(consent) = find(&CLEAR, word) {
        return Statement::Consent(consent);
    }
    if NOTHING.contains(&word) {
        return Statement::Nothing;
    }
    // "1" and "0" mean yes and no, and are states as well: the column decides.
    if let Some(yes) = yes_or_no(word) {
        return if yes { Statement::Yes } else { Statement::No };
    }
    if let Some(consent) = find(&VAGUE, word) {
        return Statement::Vague(consent);
    }
    match dates::read(cell) {
        DateCell::At(_) => Statement::Date,
        DateCell::Blank => Statement::Nothing,
        // A date with ambiguous day and month still states that the event happened.
        DateCell::Unreadable if looks_like_date(cell) => Statement::Date,
        DateCell::Unreadable => Statement::Unknown,
    }
}

/// The state that a word or number of a mail service means.
#[must_use]
pub fn state(cell: &str) -> Option<Consent> {
    let word = text::fold(cell);
    find(&CLEAR, &word).or_else(|| find(&VAGUE, &word))
}

/// Yes or no, in the languages of spreadsheets.
#[must_use]
pub fn yes_or_no(folded: &str) -> Option<bool> {
    if YES.contains(&folded) {
        return Some(true);
    }
    NO.contains(&folded).then_some(false)
}

fn find(table: &[(Consent, &[&str])], word: &str) -> Option<Consent> {
    table.iter().find(|(_, words)| words.contains(&word)).map(|(consent, _)| *consent)
}

/// Whether a cell has only the digits and marks of a date, in any order.
fn looks_like_date(cell: &str) -> bool {
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    let marks = cell.chars().filter(|c| matches!(c, '/' | '-' | '.')).count();
    let other = cell.chars().any(|c| !(c.is_ascii_alphanumeric() || " /-.:,+".contains(c)));
    (4..=20).contains(&digits) && marks >= 2 && !other
}

#[cfg(test)]
mod tests {
    use super::{Statement, read, state};
    use crate::consent::Consent;

    #[test]
    fn cells_say_it_in_many_ways() {
        for (cell, expected) in [
            ("", Statement::Nothing),
            (" n/a ", Statement::Nothing),
            ("0000-00-00 00:00:00", Statement::Nothing),
            ("TRUE", Statement::Yes),
            ("WAHR", Statement::Yes),
            ("1", Statement::Yes),
            ("Não", Statement::No),
            ("0", Statement::No),
            ("2024-05-01 10:00:00", Statement::Date),
            ("01/05/2024", Statement::Date),
            ("Opted-Out", Statement::Consent(Consent::Unsubscribed)),
            ("Désabonné", Statement::Consent(Consent::Unsubscribed)),
            ("Cleaned", Statement::Consent(Consent::Bounced)),
            ("Active", Statement::Vague(Consent::Subscribed)),
            ("Customer", Statement::Unknown),
            ("192.0.2.1x!", Statement::Unknown),
        ] {
            assert_eq!(read(cell), expected, "{cell:?}");
        }
    }

    #[test]
    fn numbers_are_states_where_the_column_says_so() {
        let states = ["1", "0", "2", "3", "4"].map(state);
        let expected =
            [Consent::Subscribed, Consent::Unconfirmed, Consent::Unsubscribed, Consent::Bounced].map(Some);
        assert_eq!(states[..4], expected);
        assert_eq!(states[4], None);
    }
}
