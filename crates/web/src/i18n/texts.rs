//! What there is to say; a language fills in how.

use fanbase_domain::{fan::FanType, source::Source};

use super::Ago;

/// All texts of one language.
pub(crate) struct Texts {
    /// Said to screen readers in the place of a dash.
    pub none: &'static str,
    /// The frame around the pages.
    pub frame: FrameTexts,
    /// The sign-in page.
    pub login: LoginTexts,
    /// The fans page.
    pub fans: FansTexts,
    /// What happened, and what to do.
    pub errors: ErrorTexts,
    /// Where there is no store, or no page.
    pub nowhere: NowhereTexts,
    /// A time span, such as "3 d ago".
    pub ago: fn(Ago) -> String,
    /// The type of one fan, on a badge.
    pub fan_type: fn(FanType) -> &'static str,
    /// Where a fan came from.
    pub source: fn(Source) -> &'static str,
}

/// The frame around the pages.
pub(crate) struct FrameTexts {
    pub skip_to_content: &'static str,
    pub main_navigation: &'static str,
    pub menu: &'static str,
    pub switch_store: &'static str,
    pub fans: &'static str,
    pub log_out: &'static str,
    pub log_out_failed: &'static str,
}

/// The sign-in page.
pub(crate) struct LoginTexts {
    pub title: &'static str,
    pub email: &'static str,
    pub password: &'static str,
    pub submit: &'static str,
    pub submitting: &'static str,
}

/// The fans page.
pub(crate) struct FansTexts {
    pub title: &'static str,
    pub types: &'static str,
    pub all: &'static str,
    /// Many fans of a type, on a tab.
    pub tab: fn(FanType) -> &'static str,
    pub search: &'static str,
    pub search_hint: &'static str,
    pub table: &'static str,
    pub waiting: &'static str,
    pub fan: &'static str,
    pub kind: &'static str,
    pub source: &'static str,
    pub profile: &'static str,
    pub tags: &'static str,
    pub spent: &'static str,
    pub score: &'static str,
    pub last_active: &'static str,
    pub has_account: &'static str,
    /// More tags than are shown; told with their names.
    pub more_tags: fn(&str) -> String,
    /// Fans on this page, of all that match, both written for people.
    pub shown: fn(&str, &str) -> String,
    pub order: &'static str,
    pub pages: &'static str,
    pub newer: &'static str,
    pub older: &'static str,
    pub empty_title: &'static str,
    pub empty_detail: &'static str,
    pub nothing_found_title: fn(&str) -> String,
    pub nothing_found_detail: &'static str,
    pub none_of_type_title: &'static str,
    pub none_of_type_detail: &'static str,
    pub show_all: &'static str,
    pub failed: &'static str,
}

/// What happened, and what to do.
pub(crate) struct ErrorTexts {
    pub unreachable: &'static str,
    pub unreadable: fn(u16) -> String,
    pub request: &'static str,
    pub retry: &'static str,
    pub first_page: &'static str,
    pub session: &'static str,
}

/// Where there is no store, or no page.
pub(crate) struct NowhereTexts {
    pub no_stores_title: &'static str,
    pub no_stores_detail: &'static str,
    pub store_title: &'static str,
    pub store_detail: &'static str,
    pub page_title: &'static str,
    pub page_detail: &'static str,
    pub home: &'static str,
}
