//! Custom fields: the data about customers beyond the fixed fields.

use crate::{engagement, text};

/// Longest key of a custom field, in characters.
pub const MAX_KEY_LENGTH: usize = 60;
/// Longest label of a custom field, in characters.
pub const MAX_LABEL_LENGTH: usize = 200;

/// Maximum number of custom fields of a store.
pub const MAX_FIELDS: usize = 500;

/// Derives the key of a field from its label: folded, words joined by `_`. `How long have you been
/// producing for?` becomes `how_long_have_you_been_producing_for`.
#[must_use]
pub fn key_from_label(label: &str) -> String {
    let folded = text::fold(label);
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let key: String = words.join("_").chars().take(MAX_KEY_LENGTH).collect();
    // Idempotent even after truncation: the key of a key is the key itself.
    key.trim_end_matches('_').to_owned()
}

/// Built-in profile attributes: key, label.
pub const KNOWN: [(&str, &str); 19] = [
    ("daw", "DAW"),
    ("type_of_music", "Type of Music"),
    ("goals", "Goals"),
    ("student_level", "Student Level"),
    ("how_long_have_you_been_producing_for", "How long have you been producing for"),
    ("why_did_you_sign_up", "Why did you sign up"),
    ("genre_specialty", "Genre Specialty"),
    (engagement::OPENS, "Opens Email"),
    (engagement::CLICKS, "Clicks Links"),
    ("city", "City"),
    ("state", "State"),
    ("state_code", "State Code"),
    ("zip_code", "Zip Code"),
    ("country", "Country"),
    ("country_code", "Country Code"),
    ("ip", "IP"),
    ("id", "ID"),
    ("list_name", "List Name"),
    ("language", "Language"),
];

/// The label of a built-in profile attribute.
#[must_use]
pub fn known_label(key: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(known, _)| *known == key).map(|(_, label)| *label)
}

#[cfg(test)]
mod tests {
    use super::{KNOWN, key_from_label};

    #[test]
    fn keys_come_from_labels() {
        assert_eq!(key_from_label(" How long, étudiant? "), "how_long_etudiant");
        assert_eq!(key_from_label("***"), "");
        for length in 50..70 {
            let key = key_from_label(&"ab ".repeat(length));
            assert_eq!(key_from_label(&key), key);
            let key = key_from_label(&format!("{} c", "x".repeat(length)));
            assert_eq!(key_from_label(&key), key);
        }
        for (key, label) in KNOWN {
            assert_eq!(key_from_label(label), key);
        }
    }
}
