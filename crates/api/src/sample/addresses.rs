//! Generates realistic e-mail addresses that are unique by construction, without storing them.
//!
//! Every local part is a *base* of letters and separators, optionally with a number. A base belongs
//! either to one pair of names, whose bearers are numbered, or to a family (an initial with a last
//! name, a role with a last name, an artist name), in which the number is unique. Two people therefore
//! never have the same local part, and the domain can be chosen freely. The tests check that no base
//! belongs to two families.

use super::rng::{Rng, mix};
use super::topics::{ALIAS_FIRST, ALIAS_SECOND};
use std::fmt::Write;

/// The international domain in the sample, as typed.
pub const IDN_DOMAIN: &str = "münchen-beats.de";
/// The same domain in its IDNA ASCII form.
pub const IDN_DOMAIN_ASCII: &str = "xn--mnchen-beats-dlb.de";
/// The same domain with a decomposed umlaut.
pub const IDN_DOMAIN_DECOMPOSED: &str = "mu\u{308}nchen-beats.de";

const STUDIO_WORDS: &[&str; 8] =
    &["audio", "music", "sound", "studios", "beats", "records", "productions", "mixing"];
const STUDIO_ENDINGS: &[&str; 5] = &["com", "net", "studio", "io", "co"];

/// Identifies a person among the bearers of a pair of names.
pub struct Identity<'a> {
    /// Number of the person.
    pub index: u64,
    /// First name, as used in e-mail addresses.
    pub first: &'a str,
    /// Index of the first name in its region.
    pub first_index: u64,
    /// Number of first names in the region.
    pub first_count: u64,
    /// Last name, as used in e-mail addresses; it identifies the region.
    pub last: &'a str,
    /// Number of earlier people with the same two names.
    pub bearer: u64,
    /// A number that all bearers of the two names share.
    pub pair: u64,
}

/// The style of the local part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// `first.last`
    Dotted,
    /// `firstlast`
    Joined,
    /// `f.last214`
    Initial,
    /// `first_last`
    Underscore,
    /// `last-first`
    Reversed,
    /// `midnightpulse7`
    Alias,
    /// `prod.last214`
    Role,
    /// `first@last-audio.com`: an own domain
    OwnDomain,
}

impl Style {
    /// A random style, weighted by popularity.
    pub fn pick(rng: &mut Rng) -> Self {
        match rng.below(100) {
            0..31 => Self::Dotted,
            31..50 => Self::Joined,
            50..60 => Self::Initial,
            60..67 => Self::Underscore,
            67..70 => Self::Reversed,
            70..88 => Self::Alias,
            88..94 => Self::Role,
            _ => Self::OwnDomain,
        }
    }
}

/// The local part; for [`Style::OwnDomain`], the whole e-mail address.
pub fn local_part(identity: &Identity<'_>, style: Style, rng: &mut Rng) -> String {
    let Identity { first, last, .. } = identity;
    match style {
        Style::Dotted => numbered(format!("{first}.{last}"), suffix(identity)),
        Style::Joined => numbered(format!("{first}{last}"), suffix(identity)),
        Style::Underscore => numbered(format!("{first}_{last}"), suffix(identity)),
        Style::Reversed => numbered(format!("{last}-{first}"), suffix(identity)),
        Style::Initial => numbered(format!("{}.{last}", &first[..1]), Some(family(identity))),
        Style::Role => {
            let base = match rng.below(4) {
                0 => format!("dj{last}"),
                1 => format!("prod.{last}"),
                2 => format!("{last}.beats"),
                _ => format!("{last}music"),
            };
            numbered(base, Some(family(identity)))
        }
        Style::Alias => {
            let (one, two, rest) = alias(identity.index);
            let separator = rng.pick(&["", "", ".", "_"]);
            numbered(format!("{one}{separator}{two}"), (rest > 0).then_some(rest))
        }
        Style::OwnDomain => own_domain(identity),
    }
}

/// The artist name of a person as two words, and the number of earlier people with the same name.
pub fn alias(index: u64) -> (&'static str, &'static str, u64) {
    // An odd multiplier makes this a permutation: each block of 4,096 people has all 4,096 names.
    let name = index.wrapping_mul(2_531) & 4_095;
    let (one, two) = ((name >> 6) as usize, (name & 63) as usize);
    (ALIAS_FIRST[one], ALIAS_SECOND[two], index >> 12)
}

/// The number within the family of the same initial, or role, and last name.
fn family(identity: &Identity<'_>) -> u64 {
    identity.bearer * identity.first_count + identity.first_index + 1
}

/// One bearer of a name has no number, a hundred have two digits in mixed order, the rest more.
fn suffix(identity: &Identity<'_>) -> Option<u64> {
    let plain = identity.pair & 1;
    if identity.bearer == plain {
        return None;
    }
    let rank = identity.bearer - u64::from(identity.bearer > plain);
    Some(if rank < 100 {
        // 37 and 100 are coprime, so the hundred ranks get a hundred different numbers.
        (rank * 37 + (identity.pair >> 8) % 100) % 100
    } else {
        100 + rank
    })
}

fn numbered(mut base: String, number: Option<u64>) -> String {
    if let Some(number) = number {
        // Writing to a string cannot fail.
        let _ = write!(base, "{number:02}");
    }
    base
}

fn own_domain(identity: &Identity<'_>) -> String {
    let Identity { first, last, .. } = identity;
    let kinds = (STUDIO_WORDS.len() * STUDIO_ENDINGS.len()) as u64;
    let kind = ((identity.bearer + mix(identity.pair) % kinds) % kinds) as usize;
    let word = STUDIO_WORDS[kind % STUDIO_WORDS.len()];
    let ending = STUDIO_ENDINGS[kind / STUDIO_WORDS.len()];
    let round = identity.bearer / kinds;
    let local = numbered((*first).to_owned(), (round > 0).then_some(round));
    format!("{local}@{last}-{word}.{ending}")
}
