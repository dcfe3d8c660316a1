//! What the command palette can find besides fans, and which of it matches what was typed.

use fanbase_domain::wire::auth::MeResponse;

use super::account_menu::theme_name;
use crate::{
    components::Glyph,
    i18n::{case, t},
    routes::{self, AdminPage, Section, StorePage},
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
pub(super) fn commands(slug: Option<&str>, me: &MeResponse, typed: &str) -> Vec<Entry> {
    let f = &t().frame;
    let mut entries = Vec::new();
    if let Some(slug) = slug {
        let page = |glyph, label: &str, page| Entry::new(glyph, label, Deed::Go(routes::store(slug, page)));
        entries.extend([
            page(Glyph::Fans, f.fans, StorePage::Fans),
            page(Glyph::Customers, f.customers, StorePage::Customers),
            page(Glyph::Overview, f.overview, StorePage::Overview),
            page(Glyph::Import, f.imports, StorePage::Imports),
            page(Glyph::Settings, f.settings, StorePage::Settings(Section::Store)),
            page(Glyph::Plus, f.import, StorePage::NewImport),
        ]);
    }
    for store in me.stores.iter().filter(|store| Some(store.slug.as_str()) != slug) {
        let deed = Deed::Go(routes::fans(&store.slug, &FansQuery::default()));
        entries.push(Entry::new(Glyph::Store, (f.open_store)(&store.name), deed));
    }
    if me.is_admin {
        let page = |glyph, label: &str, page| Entry::new(glyph, label, Deed::Go(routes::admin(page)));
        entries.extend([
            page(Glyph::Overview, f.platform_stats_long, AdminPage::Stats),
            page(Glyph::Fans, f.users_long, AdminPage::Users),
            page(Glyph::List, f.audit_log_long, AdminPage::AuditLog),
            page(Glyph::Events, f.events_long, AdminPage::Events),
        ]);
    }
    for theme in Theme::ALL.into_iter().filter(|_| !typed.trim().is_empty()) {
        entries.push(Entry::new(Glyph::Theme, (f.use_theme)(theme_name(theme)), Deed::Theme(theme)));
    }
    entries.push(Entry::new(Glyph::LogOut, f.log_out, Deed::LogOut));
    // The sections of the settings only by their own names: they would be in the way of pages and people.
    if let Some(slug) = slug.filter(|_| !typed.trim().is_empty()) {
        entries.extend(
            Section::ALL
                .into_iter()
                .filter(|section| {
                    *section != Section::Store && matches((t().settings.section)(*section), typed)
                })
                .map(|section| {
                    let label = (f.settings_section)((t().settings.section)(section));
                    Entry::new(
                        Glyph::Settings,
                        label,
                        Deed::Go(routes::store(slug, StorePage::Settings(section))),
                    )
                }),
        );
    }
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

    fn me(is_admin: bool) -> MeResponse {
        MeResponse { user_id: None, email: None, name: None, avatar_url: None, is_admin, stores: Vec::new() }
    }

    #[test]
    fn the_platform_is_for_its_admins() {
        let found = |is_admin| commands(None, &me(is_admin), "registered");
        assert!(found(false).is_empty());
        assert_eq!(found(true)[0].deed, Deed::Go("/admin/users".to_owned()));
    }

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
        assert!(commands(Some("ppr"), &me(false), "zoe").is_empty());
        assert_eq!(commands(Some("ppr"), &me(false), "log")[0].deed, Deed::LogOut);
        assert_eq!(
            commands(Some("ppr"), &me(false), "imports")[0].deed,
            Deed::Go("/store/ppr/imports".to_owned())
        );
    }
}
