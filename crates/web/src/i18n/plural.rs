//! Numbers with the word for what they count.

use super::format;

/// A number and its noun, such as "1 payment" and "1,204 payments".
pub(crate) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", format::count(number), noun(number, one, many))
}

/// The noun for a number, in English: one of something, or several.
pub(crate) fn noun<'a>(number: u64, one: &'a str, many: &'a str) -> &'a str {
    if number == 1 { one } else { many }
}

#[cfg(test)]
mod tests {
    use super::noun;

    #[test]
    fn one_is_singular_and_none_is_plural() {
        assert_eq!([0, 1, 2, 21].map(|n| noun(n, "row", "rows")), ["rows", "row", "rows", "rows"]);
    }
}
