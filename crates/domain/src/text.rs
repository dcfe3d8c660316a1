//! Text as people type it: trimming what cannot be seen, and folding for sort and search.

#[cfg(feature = "unicode")]
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// True for white space and for characters without width, which spreadsheets
/// and web forms leave around values.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}'
        )
}

/// Cuts invisible characters from both ends.
#[must_use]
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_invisible)
}

/// The trimmed text, or `None` when nothing is left.
#[must_use]
pub fn non_blank(text: &str) -> Option<&str> {
    let text = trim(text);
    (!text.is_empty()).then_some(text)
}

/// Yes or no, as exports write it; `None` when it is neither.
#[must_use]
pub fn yes_or_no(cell: &str) -> Option<bool> {
    match fold(cell).as_str() {
        "1" | "true" | "yes" => Some(true),
        "0" | "false" | "no" => Some(false),
        _ => None,
    }
}

/// Folds text for sorting and searching: lower case, without diacritics, runs of
/// white space as one space. `Zoë  ŁUKASZ` becomes `zoe lukasz`.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        let mut folded = String::with_capacity(text.len());
        for word in text.split_ascii_whitespace() {
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded.extend(word.chars().filter(|c| !c.is_ascii_control()).map(|c| c.to_ascii_lowercase()));
        }
        return folded;
    }
    fold_letters(text)
}

/// Without the tables diacritics stay; what is stored is folded by the server alone.
#[cfg(not(feature = "unicode"))]
fn fold_letters(text: &str) -> String {
    lower(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Lower case.
#[cfg(feature = "unicode")]
pub(crate) fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// Lower case of ASCII; what is stored is lowered by the server alone.
#[cfg(not(feature = "unicode"))]
pub(crate) fn lower(text: &str) -> String {
    text.to_ascii_lowercase()
}

#[cfg(feature = "unicode")]
fn fold_letters(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfkd() {
        if c.is_whitespace() {
            gap = !folded.is_empty();
        } else if !(is_combining_mark(c) || is_invisible(c) || c.is_control()) {
            if std::mem::take(&mut gap) {
                folded.push(' ');
            }
            fold_letter(c, &mut folded);
        }
    }
    folded
}

/// Lower-cases one letter; the letters that Unicode does not decompose are spelled out.
#[cfg(feature = "unicode")]
fn fold_letter(c: char, into: &mut String) {
    match c {
        'Ł' | 'ł' => into.push('l'),
        'Ø' | 'ø' => into.push('o'),
        'Đ' | 'đ' | 'Ð' | 'ð' => into.push('d'),
        'ı' => into.push('i'),
        'ß' | 'ẞ' => into.push_str("ss"),
        'Æ' | 'æ' => into.push_str("ae"),
        'Œ' | 'œ' => into.push_str("oe"),
        'Þ' | 'þ' => into.push_str("th"),
        _ => into.extend(c.to_lowercase().filter(|c| !is_combining_mark(*c))),
    }
}

#[cfg(all(test, feature = "unicode"))]
mod tests {
    use super::{fold, trim};

    #[test]
    fn folding_removes_case_diacritics_and_double_spaces() {
        for (input, expected) in [
            ("Zoë  ŁUKASZ", "zoe lukasz"),
            (" Ana   Nguyễn ", "ana nguyen"),
            ("Straße\u{200B}", "strasse"),
            ("İstanbul", "istanbul"),
            ("日本 語", "日本 語"),
            ("", ""),
        ] {
            assert_eq!(fold(input), expected, "{input:?}");
        }
    }

    #[test]
    fn trimming_removes_what_cannot_be_seen() {
        assert_eq!(trim("\u{FEFF}\u{00A0} a b\u{200B}\t"), "a b");
    }
}
