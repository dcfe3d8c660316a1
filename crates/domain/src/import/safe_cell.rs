//! Escapes cells against CSV (formula) injection.
//!
//! An export puts a `'` before a formula, as OWASP recommends. An import removes exactly that one, so
//! the round trip is lossless.

use std::borrow::Cow;

/// Escapes a cell that a spreadsheet would run as a formula.
#[must_use]
pub fn escape(cell: &str) -> Cow<'_, str> {
    let comes_back = unescape(cell).len() == cell.len();
    if is_dangerous(cell) || !comes_back { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// Reverses [`escape`]. Also removes the `'` that keeps a spreadsheet from converting a number, a date
/// or an e-mail address.
#[must_use]
pub fn unescape(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_dangerous(rest) || is_kept_as_text(rest) => rest,
        _ => cell,
    }
}

fn is_dangerous(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Whether a spreadsheet would convert the cell to a number, a date or a link.
fn is_kept_as_text(cell: &str) -> bool {
    let cell = cell.trim_start_matches('\'');
    let is_number = |c: char| c.is_ascii_digit() || " .,:/-()%".contains(c);
    let starts_with_digit = cell.starts_with(|c: char| c.is_ascii_digit());
    (starts_with_digit && cell.chars().all(is_number))
        || (cell.contains('@') && !cell.contains(|c: char| c.is_whitespace() || c == '\''))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{escape, unescape};

    #[test]
    fn formulas_are_escaped() {
        assert_eq!(escape("=1+1"), "'=1+1");
        assert_eq!(escape("'@x"), "''@x");
        assert_eq!(escape("O'Neil"), "O'Neil");
        assert_eq!(escape("'tis"), "'tis");
        for (cell, expected) in [
            ("'0049123", "0049123"),
            ("'01234", "01234"),
            ("'2024-03-01", "2024-03-01"),
            ("'ann@x.example", "ann@x.example"),
            ("'t Hooft", "'t Hooft"),
            ("'90s kid", "'90s kid"),
        ] {
            assert_eq!(unescape(cell), expected);
        }
    }

    proptest! {
        #[test]
        fn an_escaped_cell_is_safe_and_comes_back(cell in "['=+@a0 -]{0,6}") {
            let escaped = escape(&cell);
            prop_assert!(!escaped.starts_with(['=', '+', '-', '@']), "{escaped}");
            prop_assert_eq!(unescape(&escaped), cell.as_str());
        }
    }
}
