//! Text normalisation: trimming invisible characters, and folding for sorting and searching.

use std::borrow::Cow;

#[cfg(feature = "unicode")]
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark, is_nfc};

/// Whether a character is white space or has no width. Spreadsheets and web forms leave such characters
/// around values.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
                | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{3164}' | '\u{FFA0}'
                | '\u{FFF9}'..='\u{FFFB}'
        )
}

/// Trims invisible characters at both ends.
#[must_use]
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_invisible)
}

/// The trimmed text, or `None` if it is empty.
#[must_use]
pub fn non_blank(text: &str) -> Option<&str> {
    let text = trim(text);
    (!text.is_empty()).then_some(text)
}

/// Normalises to Unicode NFC, so that equal letters are equal text.
#[cfg(feature = "unicode")]
#[must_use]
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// Without the Unicode tables the text is unchanged; only the server normalises stored text.
#[cfg(not(feature = "unicode"))]
#[must_use]
pub fn nfc(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

/// Parses yes or no as exports write it; `None` otherwise.
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

/// Without the Unicode tables diacritics remain; only the server folds stored text.
#[cfg(not(feature = "unicode"))]
fn fold_letters(text: &str) -> String {
    lower(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Lower case.
#[cfg(feature = "unicode")]
pub(crate) fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// Lower case of ASCII only; only the server lower-cases stored text.
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

/// Lower-cases one letter; letters without a Unicode decomposition are spelled out.
#[cfg(feature = "unicode")]
fn fold_letter(c: char, into: &mut String) {
    match c {
        'Ł' | 'ł' => into.push('l'),
        'Ø' | 'ø' => into.push('o'),
        'Đ' | 'đ' | 'Ð' | 'ð' => into.push('d'),
        'ı' => into.push('i'),
        // The final sigma: its upper case is that of `σ`.
        'ς' => into.push('σ'),
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
            ("Γιώργος", "γιωργοσ"),
            ("ΓΙΩΡΓΟΣ", "γιωργοσ"),
            ("STRASSE straße STRAẞE", "strasse strasse strasse"),
            ("", ""),
        ] {
            assert_eq!(fold(input), expected, "{input:?}");
        }
    }

    #[test]
    fn trimming_removes_what_cannot_be_seen() {
        assert_eq!(trim("\u{FEFF}\u{00A0} a b\u{200B}\t"), "a b");
        assert_eq!(trim("\u{2068}\u{202A}a b\u{202C}\u{2069}\u{200F}"), "a b");
    }
}
