//! Parses numbers of spreadsheets in any locale.

use crate::text_enum;

text_enum! {
    /// The decimal mark of a number.
    pub enum DecimalMark {
        /// `1,234.50`
        Point = "point",
        /// `1.234,50`
        Comma = "comma",
    }
}

/// The decimal mark that a number implies; `None` if it is ambiguous.
#[must_use]
pub fn evidence(cell: &str) -> Option<DecimalMark> {
    let digits = digits_of(cell)?;
    let (points, commas) = (digits.matches('.').count(), digits.matches(',').count());
    let decimals = |mark: char| digits.rsplit(mark).next().map_or(0, str::len);
    match (points, commas) {
        (0, 0) => None,
        // The later mark is the decimal mark.
        (1.., 1..) if digits.rfind(',') > digits.rfind('.') => Some(DecimalMark::Comma),
        (1.., 1..) => Some(DecimalMark::Point),
        // A repeated mark separates thousands.
        (2.., 0) => Some(DecimalMark::Comma),
        (0, 2..) => Some(DecimalMark::Point),
        (1, 0) if decimals('.') != 3 => Some(DecimalMark::Point),
        (0, 1) if decimals(',') != 3 => Some(DecimalMark::Comma),
        _ => None,
    }
}

/// Normalises a number to digits and a decimal point, without currency and thousands separators. `None`
/// if it is not a number.
#[must_use]
pub fn plain(cell: &str, mark: DecimalMark) -> Option<String> {
    let (decimal, thousands) = match mark {
        DecimalMark::Point => ('.', ','),
        DecimalMark::Comma => (',', '.'),
    };
    let cell = cell.trim();
    let is_negative = cell.starts_with(['-', '\u{2212}']) || (cell.starts_with('(') && cell.ends_with(')'));
    let digits = digits_of(cell)?;
    let (whole, fraction) = digits.split_once(decimal).unwrap_or((&digits, ""));
    let mut groups = whole.split(thousands);
    let first = groups.next().unwrap_or_default();
    let is_grouped = groups.clone().next().is_none() || (1..=3).contains(&first.len());
    if !is_grouped || groups.any(|group| group.len() != 3) || fraction.contains([decimal, thousands]) {
        return None;
    }
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let whole = if whole.is_empty() { "0" } else { &whole };
    let sign = if is_negative { "-" } else { "" };
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

/// The digits, points and commas of a number, without sign, currency, and blanks or apostrophes between
/// thousands; `None` if it has other characters.
fn digits_of(cell: &str) -> Option<String> {
    let is_digit = |c: char| c.is_ascii_digit();
    let (start, end) = (cell.find(is_digit)?, cell.rfind(is_digit)? + 1);
    let start = if cell[..start].ends_with(['.', ',']) { start - 1 } else { start };
    let around = [&cell[..start], &cell[end..]];
    if around.iter().any(|text| !is_currency(text)) {
        return None;
    }
    let inner = &cell[start..end];
    let is_gap = |c: char| c.is_whitespace() || matches!(c, '\'' | '\u{2019}');
    if inner.contains(is_gap) {
        let mut groups = inner.split(is_gap);
        let first = groups.next().unwrap_or_default();
        let are_thousands = groups.all(|group| group.split(['.', ',']).next().map_or(0, str::len) == 3);
        if !(1..=3).contains(&first.len()) || !are_thousands {
            return None;
        }
    }
    let digits: String = inner.chars().filter(|c| !is_gap(*c)).collect();
    digits.chars().all(|c| is_digit(c) || matches!(c, '.' | ',')).then_some(digits)
}

/// Whether the text beside a number is a sign and a currency code or symbol.
fn is_currency(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let is_part = |c: char| {
        c.is_alphabetic()
            || c.is_whitespace()
            || matches!(c, '-' | '\u{2212}' | '+' | '(' | ')' | '.' | '$' | '\u{20A0}'..='\u{20CF}' | '¢'..='¥')
    };
    letters <= 3 && text.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::{DecimalMark, evidence, plain};
    use DecimalMark::{Comma, Point};

    #[test]
    fn numbers_are_read_with_either_mark() {
        for (cell, mark, expected) in [
            ("1234.5", Point, Some("1234.5")),
            ("1,234.50", Point, Some("1234.50")),
            ("$1,234,567.89", Point, Some("1234567.89")),
            ("USD 12", Point, Some("12")),
            ("-5", Point, Some("-5")),
            ("(5.00)", Point, Some("-5.00")),
            ("1'234.50", Point, Some("1234.50")),
            (".5", Point, Some("0.5")),
            ("1.234,50", Comma, Some("1234.50")),
            ("12,00 €", Comma, Some("12.00")),
            ("1\u{a0}234,5", Comma, Some("1234.5")),
            ("1.234", Comma, Some("1234")),
            ("1,234", Point, Some("1234")),
            ("12,34.5", Point, None),
            ("1,2,3", Comma, None),
            ("1.23", Comma, None),
            ("many", Point, None),
            ("12 34", Point, None),
            ("5 apples", Point, None),
            ("", Point, None),
        ] {
            assert_eq!(plain(cell, mark).as_deref(), expected, "{cell:?}");
        }
    }

    #[test]
    fn a_number_may_prove_its_mark() {
        for (cell, expected) in [
            ("12", None),
            ("1,234", None),
            ("1.234", None),
            ("1.5", Some(Point)),
            ("1,50", Some(Comma)),
            ("1.234,50", Some(Comma)),
            ("1,234.50", Some(Point)),
            ("1.234.567", Some(Comma)),
            ("1,234,567", Some(Point)),
            ("soon", None),
        ] {
            assert_eq!(evidence(cell), expected, "{cell:?}");
        }
    }
}
