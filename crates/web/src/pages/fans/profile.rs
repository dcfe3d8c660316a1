//! The profile of a fan in one line: what they make music with, which music, how experienced.

use fanbase_domain::customer::{AttributeValue, Attributes};

/// The attributes that make up the line, in this order.
const KEYS: [&str; 3] = ["daw", "type_of_music", "student_level"];

/// "Ableton Live · Techno, House · Beginner"; `None` when nothing is known.
pub(super) fn line(attributes: &Attributes) -> Option<String> {
    let parts: Vec<String> = KEYS
        .iter()
        .filter_map(|key| attributes.get(*key))
        .map(|value| match value {
            AttributeValue::Text(text) => text.trim().to_owned(),
            AttributeValue::List(values) => values.join(", "),
        })
        .filter(|part| !part.is_empty())
        .collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_has_what_is_known_in_a_fixed_order() {
        let text = |text: &str| AttributeValue::Text(text.to_owned());
        let list =
            |values: &[&str]| AttributeValue::List(values.iter().map(|&value| value.to_owned()).collect());
        let attributes = |pairs: &[(&str, AttributeValue)]| -> Attributes {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
        };
        for (pairs, expected) in [
            (vec![], None),
            (vec![("city", text("Lisbon")), ("daw", text(" "))], None),
            (vec![("student_level", text("Beginner")), ("daw", text("Reaper"))], Some("Reaper · Beginner")),
            (vec![("type_of_music", list(&["Techno", "House"]))], Some("Techno, House")),
        ] {
            assert_eq!(line(&attributes(&pairs)).as_deref(), expected);
        }
    }
}
