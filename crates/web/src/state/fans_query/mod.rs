//! What the fans page shows, as the URL says it: `?type=lead&search=zoe&cursor=…`.

use fanbase_domain::{fan::FanType, text};

use super::query_string;

/// How many fans a page has.
const PAGE_SIZE: &str = "50";

/// Tab, search and page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FansQuery {
    /// Only this type; all of them without one.
    pub kind: Option<FanType>,
    /// What was typed into the search field, as typed.
    pub search: String,
    /// The page; the first one without.
    pub cursor: Option<String>,
}

impl FansQuery {
    /// Reads the query of the page's URL. What it does not know, it ignores.
    pub(crate) fn parse(query: &str) -> Self {
        let mut parsed = Self::default();
        for (key, value) in query_string::decode(query) {
            match key.as_str() {
                "type" => parsed.kind = FanType::parse(&value),
                "search" => parsed.search = value,
                "cursor" if !value.is_empty() => parsed.cursor = Some(value),
                _ => {}
            }
        }
        parsed
    }

    /// Writes the query of the page's URL, without the question mark.
    pub(crate) fn to_url(&self) -> String {
        let kind = self.kind.map(|kind| ("type", kind.as_str()));
        let search = (!self.search.is_empty()).then_some(("search", self.search.as_str()));
        let cursor = self.cursor.as_deref().map(|cursor| ("cursor", cursor));
        query_string::encode([kind, search, cursor].into_iter().flatten())
    }

    /// Writes the query that asks the API for the page.
    pub(crate) fn to_page_request(&self) -> String {
        let kind = self.kind.map(|kind| ("type", kind.as_str()));
        let search = text::non_blank(&self.search).map(|search| ("search", search));
        let cursor = self.cursor.as_deref().map(|cursor| ("cursor", cursor));
        query_string::encode([kind, search, cursor, Some(("limit", PAGE_SIZE))].into_iter().flatten())
    }

    /// The same search on another tab, from its first page.
    pub(crate) fn with_kind(&self, kind: Option<FanType>) -> Self {
        Self { kind, cursor: None, ..self.clone() }
    }

    /// Another search on the same tab, from its first page.
    pub(crate) fn with_search(&self, search: &str) -> Self {
        Self { search: search.to_owned(), cursor: None, ..self.clone() }
    }

    /// Another page of the same list.
    pub(crate) fn with_cursor(&self, cursor: Option<String>) -> Self {
        Self { cursor, ..self.clone() }
    }

    /// Whether anything is searched for.
    pub(crate) fn is_searching(&self) -> bool {
        text::non_blank(&self.search).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(kind: Option<FanType>, search: &str, cursor: Option<&str>) -> FansQuery {
        FansQuery { kind, search: search.to_owned(), cursor: cursor.map(str::to_owned) }
    }

    #[test]
    fn the_url_says_everything_and_nothing_twice() {
        for (state, url) in [
            (query(None, "", None), ""),
            (query(Some(FanType::Lead), "", None), "type=lead"),
            (query(None, "zoë d", None), "search=zo%C3%AB%20d"),
            (query(Some(FanType::User), "a ", Some("ab-_.c=")), "type=user&search=a%20&cursor=ab-_.c%3D"),
        ] {
            assert_eq!(state.to_url(), url);
            assert_eq!(FansQuery::parse(url), state);
        }
        assert_eq!(FansQuery::parse("?type=vip&cursor=&page=2"), FansQuery::default());
    }

    #[test]
    fn the_server_is_asked_without_blank_parts() {
        assert_eq!(query(None, " \u{A0}", None).to_page_request(), "limit=50");
        assert_eq!(
            query(Some(FanType::Paying), " kofi ", Some("c")).to_page_request(),
            "type=paying&search=kofi&cursor=c&limit=50"
        );
    }

    #[test]
    fn another_tab_or_search_starts_at_the_first_page() {
        let state = query(Some(FanType::Lead), "edm", Some("c"));
        assert_eq!(state.with_kind(None), query(None, "edm", None));
        assert_eq!(state.with_search("vip"), query(Some(FanType::Lead), "vip", None));
        assert_eq!(state.with_cursor(None), query(Some(FanType::Lead), "edm", None));
    }
}
