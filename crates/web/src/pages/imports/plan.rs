//! What was chosen for a file: plain rules, without a page.

use std::collections::BTreeMap;

use fanbase_domain::{
    custom_field,
    import::number::DecimalMark,
    merge::{TagPolicy, ValuePolicy},
    wire::imports::{ImportConsent, ImportOptions, PreviewColumn},
};

/// A column that is left out.
pub(super) const IGNORE: &str = "ignore";
/// What an attribute's name starts with.
pub(super) const ATTRIBUTE: &str = "attribute:";

/// What a column is taken for.
pub(super) fn target_of(column: &PreviewColumn) -> String {
    column.field.clone().unwrap_or_else(|| IGNORE.to_owned())
}

/// The custom field that a column can become, the `number`th of the file from 1.
pub(super) fn attribute_of(column: &PreviewColumn, number: usize) -> String {
    if let Some(field) = column.field.as_ref().filter(|field| field.starts_with(ATTRIBUTE)) {
        return field.clone();
    }
    // Without Unicode's tables the browser leaves more to the separators than the server would.
    let ascii: String =
        column.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    match custom_field::key_from_label(&ascii) {
        key if key.is_empty() => format!("{ATTRIBUTE}column_{number}"),
        key => format!("{ATTRIBUTE}{key}"),
    }
}

/// What the field of an attribute is called: as its column, where that is what it comes from.
pub(super) fn field_name(column: &PreviewColumn, attribute: &str) -> String {
    let unmapped = PreviewColumn { field: None, ..column.clone() };
    match attribute_of(&unmapped, 0) == attribute {
        true => column.name.trim_start_matches('*').trim().to_owned(),
        false => attribute.trim_start_matches(ATTRIBUTE).to_owned(),
    }
}

/// What is wrong with what the columns become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// No column holds the addresses.
    NoEmail,
    /// Two columns become the same.
    Twice(String),
}

/// Targets of which there may be several: each says something of consent.
const REPEATABLE: [&str; 8] =
    [IGNORE, "subscribed", "opted_in", "opted_in_at", "opted_out", "blacklisted", "bounced", "complained"];

/// What the columns cannot become together.
pub(super) fn fault(targets: &[String]) -> Option<Fault> {
    if !targets.iter().any(|target| target == "email") {
        return Some(Fault::NoEmail);
    }
    let twice = |(i, target): &(usize, &String)| {
        !REPEATABLE.contains(&target.as_str()) && targets[..*i].contains(target)
    };
    targets.iter().enumerate().find(twice).map(|(_, target)| Fault::Twice(target.clone()))
}

/// What was chosen, as the form has it.
pub(super) struct Wishes<'a> {
    /// What each column becomes.
    pub targets: &'a [String],
    pub values: &'a str,
    pub tags: &'a str,
    pub add_tags: &'a str,
    /// What separates cells; blank when it is recognised.
    pub delimiter: &'a str,
    /// Blank when it is recognised.
    pub encoding: &'a str,
    /// Whether the people agreed; blank when the question is open.
    pub consent: &'a str,
    /// The decimal mark; blank when it is recognised.
    pub decimal: &'a str,
}

impl Wishes<'_> {
    /// Whether the file is to be read otherwise, so that its columns are not known yet.
    pub(super) fn reads_anew(&self, before: &ImportOptions) -> bool {
        let delimiter = before.delimiter.map(String::from).unwrap_or_default();
        self.delimiter != delimiter || self.encoding != before.encoding.as_deref().unwrap_or_default()
    }

    /// The options of another try. Only what differs from what was recognised is said of the
    /// columns: a file may have two of one name.
    pub(super) fn options(&self, before: &ImportOptions, columns: &[PreviewColumn]) -> ImportOptions {
        let mut mapping: BTreeMap<String, String> = before.mapping.clone();
        if self.reads_anew(before) {
            mapping.clear();
        } else {
            for (column, target) in columns.iter().zip(self.targets) {
                if *target != target_of(column) {
                    mapping.insert(column.name.clone(), target.clone());
                }
            }
        }
        let add_tags = self.add_tags.split(',').map(str::trim).filter(|tag| !tag.is_empty());
        ImportOptions {
            mapping,
            values: ValuePolicy::parse(self.values).unwrap_or(before.values),
            tags: TagPolicy::parse(self.tags).unwrap_or(before.tags),
            add_tags: add_tags.map(str::to_owned).collect(),
            delimiter: self.delimiter.chars().next(),
            encoding: Some(self.encoding.to_owned()).filter(|encoding| !encoding.is_empty()),
            consent: ImportConsent::parse(self.consent),
            decimal: DecimalMark::parse(self.decimal),
            dry_run: before.dry_run,
        }
    }

    /// Whether other choices give other numbers. Who agreed changes none of them.
    pub(super) fn changes_numbers(&self, before: &ImportOptions, columns: &[PreviewColumn]) -> bool {
        ImportOptions { consent: before.consent, ..self.options(before, columns) } != *before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, field: Option<&str>) -> PreviewColumn {
        PreviewColumn {
            name: name.to_owned(),
            field: field.map(str::to_owned),
            unclear_consent: false,
            samples: Vec::new(),
        }
    }

    #[test]
    fn only_what_was_changed_is_said() {
        let columns =
            [column("Mail", Some("email")), column("DAW", Some("attribute:daw")), column("X", None)];
        let mut before = ImportOptions { dry_run: true, ..ImportOptions::default() };
        before.mapping.insert("Mail".into(), "email".into());
        let targets = ["email", "alias", "ignore"].map(str::to_owned);
        let wishes = Wishes {
            targets: &targets,
            values: "fill",
            tags: "unite",
            add_tags: " a , b,, ",
            delimiter: "",
            encoding: "",
            consent: "",
            decimal: "comma",
        };
        let options = wishes.options(&before, &columns);
        assert_eq!(options.add_tags, ["a", "b"]);
        assert_eq!((options.values, options.decimal), (ValuePolicy::Fill, Some(DecimalMark::Comma)));
        let said: Vec<_> = options.mapping.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(said, [("DAW", "alias"), ("Mail", "email")]);
        // Read otherwise, the columns are others.
        let otherwise =
            Wishes { delimiter: ";", encoding: "windows-1252", ..wishes }.options(&before, &columns);
        assert!(otherwise.mapping.is_empty());
        assert_eq!((otherwise.delimiter, otherwise.encoding.as_deref()), (Some(';'), Some("windows-1252")));
    }

    #[test]
    fn who_agreed_changes_no_number() {
        let before = ImportOptions { dry_run: true, ..ImportOptions::default() };
        let answered = |consent, decimal| Wishes {
            targets: &[],
            values: "overwrite",
            tags: "unite",
            add_tags: "",
            delimiter: "",
            encoding: "",
            consent,
            decimal,
        };
        assert!(!answered("subscribed", "").changes_numbers(&before, &[]));
        assert!(answered("subscribed", "comma").changes_numbers(&before, &[]));
        assert_eq!(answered("subscribed", "").options(&before, &[]).consent, Some(ImportConsent::Subscribed));
    }

    #[test]
    fn a_column_becomes_a_field_whose_key_the_server_takes() {
        for (name, field, expected) in [
            ("Favourite Plugin", None, "attribute:favourite_plugin"),
            ("Élan vital", Some("alias"), "attribute:lan_vital"),
            ("推荐", None, "attribute:column_3"),
            ("*DAW", Some("attribute:daw_2"), "attribute:daw_2"),
        ] {
            assert_eq!(attribute_of(&column(name, field), 3), expected);
        }
    }

    #[test]
    fn a_field_is_called_as_its_column_or_by_its_key() {
        assert_eq!(field_name(&column("*Type of Music", None), "attribute:type_of_music"), "Type of Music");
        assert_eq!(field_name(&column("Synths", None), "attribute:favourite_synth"), "favourite_synth");
    }

    #[test]
    fn faults_are_found_before_the_server_is_asked() {
        for (targets, expected) in [
            (vec!["email", "ignore", "ignore"], None),
            (vec!["name", "ignore"], Some(Fault::NoEmail)),
            (vec!["email", "name", "name"], Some(Fault::Twice("name".into()))),
            (vec!["email", "opted_out", "opted_out"], None),
        ] {
            let targets: Vec<String> = targets.into_iter().map(str::to_owned).collect();
            assert_eq!(fault(&targets), expected);
        }
    }
}
