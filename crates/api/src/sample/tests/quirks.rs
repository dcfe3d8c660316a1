//! Each quirk occurs in the file as often as it was counted.

use super::super::quirks::QUIRKS;
use super::reread::{Reread, Seen, reread};
use super::{options, sample};

/// A quirk, and a predicate for rows that have it.
type Sign = (&'static str, fn(&Seen) -> bool);

const FIRST_NAME: usize = 2;
const LAST_NAME: usize = 3;
const PHONE: usize = 4;
const TAGS: usize = 5;
const TYPE_OF_MUSIC: usize = 8;
const GOALS: usize = 9;
const REASON: usize = 13;
const LAST_OPEN: usize = 17;
const CREATED: usize = 24;
const STATUS: usize = 26;

/// Predicates that match no other rows.
const SIGNS: &[Sign] = &[
    ("typed_case", |s| s.created() && upper(s.email())),
    ("comma_in_name", |s| s.cell(LAST_NAME).contains(',')),
    ("quotes_in_name", |s| s.cell(FIRST_NAME).contains('"')),
    ("line_break_in_cell", |s| s.cell(REASON).contains("\r\n")),
    ("line_feed_in_cell", |s| s.cell(GOALS).contains('\n')),
    ("zero_date_created", |s| s.cell(CREATED).starts_with("0000")),
    ("zero_date_last_open", |s| s.cell(LAST_OPEN).starts_with("0000")),
    ("date_only", |s| s.cell(CREATED).len() == 10),
    ("date_offset", |s| s.cell(CREATED).len() == 25 && s.cell(CREATED).as_bytes()[10] == b' '),
    ("date_rfc3339", |s| s.cell(CREATED).len() == 25 && s.cell(CREATED).as_bytes()[10] == b'T'),
    ("status_digit_unconfirmed", |s| s.cell(STATUS) == "0"),
    ("status_digit_active", |s| s.cell(STATUS) == "1"),
    ("status_digit_unsubscribed", |s| s.cell(STATUS) == "2"),
    ("status_digit_bounced", |s| s.cell(STATUS) == "3"),
    ("formula_equals", |s| formula(s, '=')),
    ("formula_plus", |s| formula(s, '+')),
    ("formula_minus", |s| formula(s, '-')),
    ("formula_at", |s| formula(s, '@')),
    ("leading_apostrophe", |s| s.cell(LAST_NAME).starts_with('\'')),
    ("long_text", |s| (2_000..4_096).contains(&s.cell(REASON).len())),
    ("html_in_name", |s| s.cell(FIRST_NAME).contains("<b>")),
    ("script_in_name", |s| s.cell(FIRST_NAME).contains("onerror")),
    ("emoji_in_name", |s| s.cell(FIRST_NAME).contains(emoji)),
    ("messy_tags", |s| s.cell(TAGS).contains(",,")),
    ("multi_value_edges", |s| s.cell(TYPE_OF_MUSIC).contains("|| ||")),
    ("short_row", |s| s.created() && s.record.len() == 27),
    ("long_row_empty_cells", |s| s.created() && s.record.len() > 28),
    ("long_row_with_data", |s| s.invalid() && s.record.len() > 28),
    ("invalid_no_at", |s| s.invalid() && s.email().contains('.') && !s.email().contains('@')),
    ("invalid_two_at", |s| s.email().matches('@').count() == 2),
    ("invalid_empty", |s| s.email().is_empty() && !s.cell(STATUS).is_empty()),
    ("invalid_blank", |s| !s.email().is_empty() && !s.email().contains(|c: char| c.is_ascii_graphic())),
    ("invalid_inner_space", |s| s.invalid() && s.local().contains(' ') && s.email().contains('@')),
    ("invalid_no_domain", |s| s.email().ends_with('@')),
    ("invalid_no_local_part", |s| s.email().starts_with('@')),
    ("invalid_all_cells_empty", |s| s.record.len() == 28 && s.record.iter().all(str::is_empty)),
    ("duplicate_case", |s| s.duplicate() && upper(s.local())),
    ("duplicate_upper_domain", |s| s.duplicate() && upper(s.email()) && !upper(s.local())),
    ("duplicate_spaces", |s| s.duplicate() && s.email().contains(' ')),
    ("duplicate_no_break_space", |s| s.duplicate() && s.email().contains('\u{a0}')),
    ("duplicate_zero_width_space", |s| s.duplicate() && s.email().contains('\u{200b}')),
    ("duplicate_byte_order_mark", |s| s.email().starts_with('\u{feff}')),
    ("duplicate_trailing_dot", |s| s.email().ends_with('.')),
    ("duplicate_blank_cells", |s| s.duplicate() && s.record.len() == 28 && s.cell(STATUS).is_empty()),
    ("duplicate_short_row", |s| s.duplicate() && s.record.len() < 28),
    ("duplicate_idn_ascii", |s| s.email().contains("@xn--")),
    ("duplicate_idn_decomposed", |s| s.email().contains('\u{308}')),
    ("idn_domain", |s| s.created() && s.email().contains('ü')),
    ("sub_address", |s| s.created() && s.local().contains('+')),
];

/// Predicates that may also match other rows by chance.
const WEAK_SIGNS: &[Sign] = &[
    ("duplicate_unsubscribed_then_active", |s| then(s, 2, "Active")),
    ("duplicate_active_then_unsubscribed", |s| then(s, 0, "Unsubscribed")),
    ("duplicate_active_then_bounced", |s| then(s, 0, "Bounced")),
    ("duplicate_active_then_unconfirmed", |s| then(s, 0, "Unconfirmed")),
    ("duplicate_unconfirmed_then_active", |s| then(s, 1, "Active")),
    ("duplicate_bounced_then_active", |s| then(s, 3, "Active")),
    ("duplicate_bounced_then_unsubscribed", |s| then(s, 3, "Unsubscribed")),
];

/// Quirks with their own tests below.
const OTHERS: &[&str] = &[
    "blank_line_before",
    "duplicate_exact",
    "duplicate_adjacent",
    "duplicate_far",
    "duplicate_newer_values",
];

fn upper(text: &str) -> bool {
    text.contains(char::is_uppercase)
}

fn emoji(letter: char) -> bool {
    matches!(letter, '\u{1f000}'..='\u{1faff}' | '\u{2700}'..='\u{27bf}')
}

fn formula(seen: &Seen, sign: char) -> bool {
    let mut cells = seen.record.iter().enumerate();
    seen.created() && cells.any(|(column, cell)| column != PHONE && cell.starts_with(sign))
}

fn then(seen: &Seen, before: u8, status: &str) -> bool {
    seen.duplicate() && seen.before == before && seen.cell(STATUS) == status
}

#[test]
fn every_quirk_is_looked_for() {
    let known: Vec<_> = SIGNS.iter().chain(WEAK_SIGNS).map(|sign| sign.0).collect();
    for spec in QUIRKS {
        assert!(known.contains(&spec.name) || OTHERS.contains(&spec.name), "{}", spec.name);
    }
}

#[test]
fn signs_of_quirks_are_as_many_as_counted() {
    for (rows, seed) in [(1_000, 1), (9_000, 2)] {
        let (file, expected, _) = sample(&options(rows, seed));
        let found = reread(&file);
        for (name, sign) in SIGNS {
            assert_eq!(found.count(sign), expected.quirks[*name], "{name}");
        }
        for (name, sign) in WEAK_SIGNS {
            assert!(found.count(sign) >= expected.quirks[*name], "{name}");
        }
        let blank_lines = String::from_utf8_lossy(&file).matches("\r\n\r\n").count() as u64;
        // The text with a line break in a cell has an empty line, too.
        let in_cells = expected.quirks["line_break_in_cell"];
        assert_eq!(blank_lines, in_cells + expected.quirks["blank_line_before"]);
        check_distances(&found, |name| expected.quirks[name]);
    }
}

fn check_distances(found: &Reread, counted: impl Fn(&str) -> u64) {
    let duplicates = || {
        let rows = found.rows.iter().enumerate();
        rows.filter(|(_, seen)| seen.duplicate())
    };
    let exact = duplicates().filter(|(_, seen)| seen.record == found.rows[seen.first].record);
    assert_eq!(exact.count() as u64, counted("duplicate_exact"));
    let adjacent = duplicates().filter(|(row, seen)| row - 1 == seen.first);
    assert!(adjacent.count() as u64 >= counted("duplicate_adjacent"));
    let half = found.rows.len() * 45 / 100;
    let far = duplicates().filter(|(row, seen)| row - seen.first > half);
    assert!(far.count() as u64 >= counted("duplicate_far"));
    let newer = duplicates().filter(|(_, seen)| {
        let first = &found.rows[seen.first];
        seen.cell(CREATED) > first.cell(CREATED) && seen.cell(TAGS) != first.cell(TAGS)
    });
    assert!(newer.count() > 0);
}

#[test]
fn gmail_dots_and_sub_addresses_are_variants_of_somebody_elses_address() {
    let (file, expected, _) = sample(&options(9_000, 1));
    let found = reread(&file);
    let others = |variant: &str, plain: fn(&str) -> String| {
        let other = plain(variant);
        other != variant && found.people.contains_key(&other)
    };
    let without_tag = |key: &str| key.replace("+beats@", "@");
    let tagged = found.people.keys().filter(|key| others(key, without_tag));
    assert_eq!(tagged.count() as u64, expected.quirks["sub_address"]);
    let without_dots = |key: &str| match key.split_once('@') {
        Some((local, "gmail.com")) => local.replace('.', "") + "@gmail.com",
        _ => key.to_owned(),
    };
    let dotted = found.people.keys().filter(|key| others(key, without_dots));
    assert_eq!(dotted.count() as u64, expected.quirks["gmail_dots"]);
}
