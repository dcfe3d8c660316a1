//! Which accounts are shown, as the URL says it: `?search=anna&status=suspended&sort=name`. The names
//! are those of the API, so that the part that filters is the request.

use fanbase_domain::{
    role::Role,
    wire::admin::{ConnectStatus, UserStatus},
};

use crate::{
    i18n::t,
    state::{codes::codes, query_string},
};

/// The order unless somebody chose another.
const NEWEST: &str = "-created_at";

codes! {
    /// What accounts are filtered by, besides the search.
    Facet {
        Status = "status",
        Role = "role",
        Admin = "is_admin",
        Store = "has_store",
        Connect = "connect",
    }
}

impl Facet {
    /// Its values: their codes, and what they are called.
    pub(crate) fn values(self) -> Vec<(&'static str, &'static str)> {
        let a = &t().admin;
        let yes_or_no = || vec![("true", t().words.yes), ("false", t().words.no)];
        match self {
            Self::Status => UserStatus::ALL.map(|status| (status.as_str(), (a.status)(status))).to_vec(),
            Self::Role => Role::ALL.map(|role| (role.as_str(), (t().words.role)(role))).to_vec(),
            Self::Connect => ConnectStatus::ALL.map(|at| (at.as_str(), (a.connect)(at))).to_vec(),
            Self::Admin | Self::Store => yes_or_no(),
        }
    }

    /// Whether only one of its values can be asked for.
    const fn is_single(self) -> bool {
        matches!(self, Self::Admin | Self::Store)
    }
}

/// Everything the URL says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UsersQuery {
    pub search: String,
    /// Values of facets, in the order in which they were chosen.
    pub facets: Vec<(Facet, String)>,
    /// The order, as the API writes it.
    pub sort: String,
}

impl Default for UsersQuery {
    fn default() -> Self {
        Self { search: String::new(), facets: Vec::new(), sort: NEWEST.to_owned() }
    }
}

impl UsersQuery {
    /// Reads the query of the page's URL. What it does not know, it ignores.
    pub(super) fn parse(query: &str) -> Self {
        let mut parsed = Self::default();
        for (key, value) in query_string::decode(query) {
            match (key.as_str(), Facet::parse(&key)) {
                ("search", _) => parsed.search = value,
                ("sort", _) => parsed.sort = value,
                (_, Some(facet)) if facet.values().iter().any(|(code, _)| *code == value) => {
                    parsed.facets.push((facet, value));
                }
                _ => {}
            }
        }
        parsed
    }

    /// The part that filters, as the API and the URL have it.
    pub(super) fn filter(&self) -> String {
        let search = (!self.search.is_empty()).then_some(("search", self.search.as_str()));
        let facets = self.facets.iter().map(|(facet, value)| (facet.as_str(), value.as_str()));
        query_string::encode(search.into_iter().chain(facets))
    }

    /// The query that asks the API for the list.
    pub(super) fn request(&self) -> String {
        let sort = query_string::encode([("sort", self.sort.as_str())]);
        join(self.filter(), sort)
    }

    /// The query of the page's URL.
    pub(super) fn to_url(&self) -> String {
        if self.sort == NEWEST { self.filter() } else { self.request() }
    }

    /// Whether a value is asked for.
    pub(super) fn has(&self, facet: Facet, value: &str) -> bool {
        self.facets.iter().any(|(other, chosen)| *other == facet && chosen == value)
    }

    /// The same with a value or, if it was there, without it.
    pub(super) fn toggled(&self, facet: Facet, value: &str) -> Self {
        let mut query = self.clone();
        let had = self.has(facet, value);
        query.facets.retain(|(other, chosen)| *other != facet || (chosen != value && !facet.is_single()));
        if !had {
            query.facets.push((facet, value.to_owned()));
        }
        query
    }
}

fn join(first: String, second: String) -> String {
    if first.is_empty() { second } else { format!("{first}&{second}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_is_read_as_it_was_written() {
        for url in [
            "",
            "search=anna",
            "status=suspended&role=AGENCY_OWNER&is_admin=false",
            "sort=name",
            "search=a%20b&sort=-name",
        ] {
            assert_eq!(UsersQuery::parse(url).to_url(), url);
        }
        assert_eq!(UsersQuery::parse("status=nonsense&colour=red"), UsersQuery::default());
        assert_eq!(UsersQuery::default().request(), "sort=-created_at");
    }

    #[test]
    fn a_value_is_chosen_and_no_longer() {
        let one = UsersQuery::default().toggled(Facet::Status, "active");
        let two = one.toggled(Facet::Status, "suspended");
        assert_eq!(two.to_url(), "status=active&status=suspended");
        assert_eq!(two.toggled(Facet::Status, "active").to_url(), "status=suspended");
        let yes = UsersQuery::default().toggled(Facet::Admin, "true");
        assert_eq!(yes.toggled(Facet::Admin, "false").to_url(), "is_admin=false");
        assert_eq!(yes.toggled(Facet::Admin, "true"), UsersQuery::default());
    }
}
