//! The routes of the app, typed: the only place that reads and writes paths.

use crate::state::{fans_query::FansQuery, query_string};

/// Where everything starts; leads on to the first store.
pub(crate) const HOME: &str = "/";

/// What a path shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// `/`
    Home,
    /// `/login`
    Login,
    /// `/store/{store}/…`
    Store {
        /// The slug in the path.
        slug: String,
        /// What follows it.
        page: StorePage,
    },
    /// Any other path.
    Unknown,
}

/// A page of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StorePage {
    /// `contacts`
    Fans,
}

impl Route {
    /// Reads a path; a slash at its end does not matter.
    pub(crate) fn parse(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts[..] {
            [] => Self::Home,
            ["login"] => Self::Login,
            ["store", slug, "contacts"] => Self::Store { slug: slug.to_owned(), page: StorePage::Fans },
            _ => Self::Unknown,
        }
    }

    /// The page, within a store.
    pub(crate) fn store_page(&self) -> Option<StorePage> {
        match self {
            Self::Store { page, .. } => Some(*page),
            Self::Home | Self::Login | Self::Unknown => None,
        }
    }
}

/// The sign-in page, which leads back to `next` afterwards.
pub(crate) fn login(next: Option<&str>) -> String {
    match next {
        Some(next) if next != HOME => format!("/login?{}", query_string::encode([("next", next)])),
        _ => "/login".to_owned(),
    }
}

/// The page to go to after signing in, from the query of the sign-in page. Only places of this
/// app: anything that a browser could take for another site leads home.
pub(crate) fn after_login(query: &str) -> String {
    query_string::decode(query)
        .into_iter()
        .find(|(key, _)| key == "next")
        .map(|(_, next)| next)
        .filter(|next| {
            next.starts_with('/') && !next[1..].starts_with(['/', '\\']) && !next.contains(char::is_control)
        })
        .unwrap_or_else(|| HOME.to_owned())
}

/// The fans of a store.
pub(crate) fn fans(slug: &str, query: &FansQuery) -> String {
    let query = query.to_url();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/store/{slug}/contacts{mark}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_a_route() {
        let store = |slug: &str| Route::Store { slug: slug.to_owned(), page: StorePage::Fans };
        for (path, route) in [
            ("/", Route::Home),
            ("", Route::Home),
            ("/login", Route::Login),
            ("/login/", Route::Login),
            ("/store/ppr/contacts", store("ppr")),
            ("/store/ppr/contacts/", store("ppr")),
            ("/store/ppr", Route::Unknown),
            ("/store//contacts", Route::Unknown),
            ("/Login", Route::Unknown),
            ("/store/ppr/contacts/more", Route::Unknown),
        ] {
            assert_eq!(Route::parse(path), route, "{path}");
        }
        assert_eq!(Route::parse(&fans("ppr", &FansQuery::default())), store("ppr"));
    }

    #[test]
    fn signing_in_leads_back_to_where_one_was() {
        for next in ["/store/ppr/contacts", "/store/ppr/contacts?search=a%20%26%20b&type=lead"] {
            let login = login(Some(next));
            let (_, query) = login.split_once('?').unwrap();
            assert_eq!(after_login(query), next);
        }
        assert_eq!(login(None), "/login");
        assert_eq!(login(Some(HOME)), "/login");
    }

    #[test]
    fn signing_in_never_leads_to_another_site() {
        for next in
            ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "", "/\t/evil.example"]
        {
            assert_eq!(after_login(&query_string::encode([("next", next)])), HOME, "{next:?}");
        }
        assert_eq!(after_login("nexts=/a"), HOME);
    }

    #[test]
    fn the_fans_page_has_a_short_address_when_nothing_is_filtered() {
        assert_eq!(fans("ppr", &FansQuery::default()), "/store/ppr/contacts");
    }
}
