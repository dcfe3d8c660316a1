//! What the command palette can find besides fans, and which of it matches what was typed.

use fanbase_domain::wire::stores::StoreResponse;

use super::account_menu::theme_name;
use crate::{
    components::Glyph,
    i18n::{case, t},
    routes::{self, Section, StorePage},
    state::{fans_query::FansQuery, theme::Theme},
};

/// What happens when an entry is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// Another page.
    Go(String),
    /// Another theme.
    Theme(Theme),
    /// The end of the session.
    LogOut,
}

/// One line of the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub glyph: Glyph,
    pub label: String,
    /// Beside the label: an e-mail address.
    pub detail: String,
    pub deed: Deed,
}

impl Entry {
    fn new(glyph: Glyph, label: impl Into<String>, deed: Deed) -> Self {
        Self { glyph, label: label.into(), detail: String::new(), deed }
    }
}

/// The pages and commands whose words start with the words that were typed.
pub(super) fn commands(slug: &str, stores: &[StoreResponse], typed: &str) -> Vec<Entry> {
    let f = &t().frame;
    let page = |glyph, label: &str, page| Entry::new(glyph, label, Deed::Go(routes::store(slug, page)));
    let mut entries = vec![
        page(Glyph::Fans, f.fans, StorePage::Fans),
        page(Glyph::Overview, f.overview, StorePage::Overview),
        page(Glyph::Import, f.imports, StorePage::Imports),
        page(Glyph::Settings, f.settings, StorePage::Settings(Section::Store)),
        page(Glyph::Plus, f.import, StorePage::NewImport),
    ];
    for store in stores.iter().filter(|store| store.slug != slug) {
        let deed = Deed::Go(routes::fans(&store.slug, &FansQuery::default()));
        entries.push(Entry::new(Glyph::Store, (f.open_store)(&store.name), deed));
    }
    for theme in Theme::ALL {
        entries.push(Entry::new(Glyph::Theme, (f.use_theme)(theme_name(theme)), Deed::Theme(theme)));
    }
    entries.push(Entry::new(Glyph::LogOut, f.log_out, Deed::LogOut));
    entries.retain(|entry| matches(&entry.label, typed));
    entries
}

/// Whether every word that was typed starts a word of the label.
fn matches(label: &str, typed: &str) -> bool {
    let label = case::lower(label);
    let words: Vec<&str> = label.split_whitespace().collect();
    case::lower(typed).split_whitespace().all(|part| words.iter().any(|word| word.starts_with(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_their_starts_in_any_order() {
        for (typed, expected) in
            [("", true), ("  ", true), ("dark", true), ("the us", true), ("ark", false), ("dark x", false)]
        {
            assert_eq!(matches("Use the dark theme", typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn what_matches_nothing_finds_no_command() {
        assert!(commands("ppr", &[], "zoe").is_empty());
        assert_eq!(commands("ppr", &[], "log")[0].deed, Deed::LogOut);
        assert_eq!(commands("ppr", &[], "imports")[0].deed, Deed::Go("/store/ppr/imports".to_owned()));
    }
}
