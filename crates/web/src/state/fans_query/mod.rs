//! What the fans page and the customers page show, as the URL says it:
//! `?type=lead&search=zoe&sort=-score&columns=…`.
//!
//! The names are those of the API where it has them, so that the part that filters is the
//! request. `active=30d` is the page's own: a view that is saved today still means the last
//! thirty days next year.

mod audience;
mod filter;
mod look;

use fanbase_domain::{fan::FanType, page::Sort, time::Timestamp};

pub(crate) use audience::Audience;
pub(crate) use filter::{Filter, Part, Range, Span};
pub(crate) use look::{Column, Density};

use super::query_string;

/// Everything the URL says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FansQuery {
    /// Whose page it is.
    pub audience: Audience,
    /// Which fans.
    pub filter: Filter,
    /// In which order.
    pub sort: Sort,
    /// Which columns, in their order; those that the person last chose without.
    pub columns: Option<Vec<Column>>,
    /// How high a row is; as the person last chose without.
    pub density: Option<Density>,
}

impl FansQuery {
    /// Everybody of an audience.
    pub(crate) fn of(audience: Audience) -> Self {
        Self { audience, ..Self::default() }
    }

    /// Reads the query of a page's URL. What it does not know, it ignores.
    pub(crate) fn parse(audience: Audience, query: &str) -> Self {
        let mut parsed = Self::of(audience);
        for (key, value) in query_string::decode(query) {
            match key.as_str() {
                "sort" => parsed.sort = Sort::parse(&value).unwrap_or_default(),
                "columns" => parsed.columns = Some(value.split('.').filter_map(Column::parse).collect()),
                "rows" => parsed.density = Density::parse(&value),
                _ => parsed.filter.read(&key, &value),
            }
        }
        parsed.filter.types.retain(|kind| audience.has(*kind));
        parsed
    }

    /// Writes the query of the page's URL, without the question mark.
    pub(crate) fn to_url(&self) -> String {
        let mut pairs = self.filter.pairs();
        if self.sort != Sort::default() {
            pairs.push(("sort", self.sort.to_string()));
        }
        if let Some(columns) = &self.columns {
            let columns: Vec<&str> = columns.iter().map(|column| column.as_str()).collect();
            pairs.push(("columns", columns.join(".")));
        }
        pairs.extend(self.density.map(|density| ("rows", density.as_str().to_owned())));
        query_string::encode(pairs.iter().map(|(key, value)| (*key, value.as_str())))
    }

    /// The part of it that says which fans there are.
    pub(crate) fn filter_url(&self) -> String {
        Self { filter: self.filter.clone(), ..Self::of(self.audience) }.to_url()
    }

    /// Which rows there are, in which order: what has to be fetched anew when it changes.
    pub(crate) fn list(&self) -> List {
        List { audience: self.audience, filter: self.filter.clone(), sort: self.sort }
    }

    /// The query that asks the API for everyone who is shown.
    pub(crate) fn everyone(&self, now: Timestamp) -> String {
        encode(self.list().pairs(now))
    }

    /// The query that has the API export everyone who is shown, in the order of the list: all columns, or
    /// those on screen. The byte order mark makes Excel read the file as UTF-8.
    pub(crate) fn export(&self, now: Timestamp, columns: Option<&[Column]>) -> String {
        let mut pairs = self.list().pairs(now);
        pairs.push(("sort", self.sort.to_string()));
        if let Some(columns) = columns {
            let shown = columns.iter().filter_map(|column| column.exported());
            let names: Vec<&str> = std::iter::once("name,email").chain(shown).collect();
            pairs.push(("columns", names.join(",")));
        }
        pairs.push(("bom", "true".to_owned()));
        encode(pairs)
    }

    /// The same on another tab.
    pub(crate) fn with_tab(&self, kind: Option<FanType>) -> Self {
        let filter = Filter { types: kind.into_iter().collect(), ..self.filter.clone() };
        self.with_filter(filter)
    }

    /// The same with another search.
    pub(crate) fn with_search(&self, search: &str) -> Self {
        self.with_filter(Filter { search: search.to_owned(), ..self.filter.clone() })
    }

    /// The same with another filter.
    pub(crate) fn with_filter(&self, filter: Filter) -> Self {
        Self { filter, ..self.clone() }
    }

    /// The same in another order.
    pub(crate) fn with_sort(&self, sort: Sort) -> Self {
        Self { sort, ..self.clone() }
    }
}

/// A list of fans: which, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct List {
    pub audience: Audience,
    pub filter: Filter,
    pub sort: Sort,
}

impl List {
    fn pairs(&self, now: Timestamp) -> Vec<(&'static str, String)> {
        let mut pairs = self.filter.api_pairs(now);
        if self.filter.types.is_empty() && self.audience != Audience::Fans {
            pairs.extend(self.audience.types().map(|kind| ("type", kind.as_str().to_owned())));
        }
        pairs
    }

    /// The query that asks the API for rows, with what some columns show besides.
    pub(crate) fn request(&self, now: Timestamp, includes: &[&str]) -> String {
        let mut pairs = self.pairs(now);
        pairs.push(("sort", self.sort.to_string()));
        pairs.extend(includes.iter().map(|include| ("include", (*include).to_owned())));
        encode(pairs)
    }

    /// The query that asks the API how many there are of each type.
    pub(crate) fn counts(&self, now: Timestamp) -> String {
        encode(self.filter.of_any_type().api_pairs(now))
    }
}

fn encode(pairs: Vec<(&'static str, String)>) -> String {
    query_string::encode(pairs.iter().map(|(key, value)| (*key, value.as_str())))
}

#[cfg(test)]
mod tests;
