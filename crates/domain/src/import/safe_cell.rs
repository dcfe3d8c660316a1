//! Cells that a spreadsheet would run as a formula.
//!
//! An export puts a `'` before them, as OWASP recommends against CSV injection; an
//! import takes exactly that one away, so that nothing is lost on the way.

use std::borrow::Cow;

/// Makes a cell safe to open in a spreadsheet.
#[must_use]
pub fn escape(cell: &str) -> Cow<'_, str> {
    if is_dangerous(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// The cell that [`escape`] was given.
#[must_use]
pub fn unescape(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_dangerous(rest) => rest,
        _ => cell,
    }
}

fn is_dangerous(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
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
    }

    proptest! {
        #[test]
        fn an_escaped_cell_is_safe_and_comes_back(cell in "['=+@a-]{0,6}") {
            let escaped = escape(&cell);
            prop_assert!(!escaped.starts_with(['=', '+', '-', '@']));
            prop_assert_eq!(unescape(&escaped), cell.as_str());
        }
    }
}
