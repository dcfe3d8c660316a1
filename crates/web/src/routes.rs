//! The routes of the app, typed: the only place that reads and writes paths.

use fanbase_domain::ids::{FanId, ImportId, UserId};

use crate::state::{
    codes::codes,
    fans_query::{Audience, FansQuery},
    query_string,
};

/// Where everything starts; leads on to the first store.
pub(crate) const HOME: &str = "/";

/// What a path shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// `/`
    Home,
    /// `/login`
    Login,
    /// `/set-up#…`: the first account of a server.
    SetUp,
    /// `/invitation#…`: joining a store.
    Invitation,
    /// `/design`: every component, in development builds.
    Design,
    /// `/store/{store}/…`
    Store {
        /// The slug in the path.
        slug: String,
        /// What follows it.
        page: StorePage,
    },
    /// `/admin/…`: the platform, for its admins.
    Admin(AdminPage),
    /// Any other path.
    Unknown,
}

/// A page of the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AdminPage {
    /// Nothing: the platform in numbers.
    Stats,
    /// `users`
    Users,
    /// `users/{user}`: the accounts, and one of them in the side panel.
    User(UserId),
    /// `audit-log`
    AuditLog,
    /// `webhook-events`
    Events,
}

impl AdminPage {
    /// The page that the sidebar leads to it by.
    pub(crate) const fn group(self) -> Self {
        match self {
            Self::User(_) => Self::Users,
            page => page,
        }
    }
}

/// A page of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StorePage {
    /// Nothing: the audience at a glance.
    Overview,
    /// `contacts`
    Fans,
    /// `contacts/{fan}`: the fans, and one of them in the side panel.
    Fan(FanId),
    /// `customers`
    Customers,
    /// `customers/{fan}`: the customers, and one of them in the side panel.
    Customer(FanId),
    /// `imports`
    Imports,
    /// `imports/new`
    NewImport,
    /// `imports/{import}`
    Import(ImportId),
    /// `settings`, `settings/{section}`
    Settings(Section),
}

impl StorePage {
    /// The page that the sidebar leads to it by.
    pub(crate) const fn group(self) -> Self {
        match self {
            Self::Fan(_) => Self::Fans,
            Self::Customer(_) => Self::Customers,
            Self::NewImport | Self::Import(_) => Self::Imports,
            Self::Settings(_) => Self::Settings(Section::Store),
            page => page,
        }
    }
}

codes! {
    /// A section of the settings.
    Section {
        Store = "store",
        ApiKeys = "api-keys",
        Fields = "fields",
        Tags = "tags",
        Members = "members",
        AuditLog = "audit-log",
        Account = "account",
    }
}

impl Route {
    /// Reads a path; a slash at its end does not matter.
    pub(crate) fn parse(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let page = match parts[..] {
            [] => return Self::Home,
            ["login"] => return Self::Login,
            ["set-up"] => return Self::SetUp,
            ["invitation"] => return Self::Invitation,
            ["design"] => return Self::Design,
            ["admin", ref rest @ ..] => return Self::admin(rest).map_or(Self::Unknown, Self::Admin),
            ["store", _] => Some(StorePage::Overview),
            ["store", _, "contacts"] => Some(StorePage::Fans),
            ["store", _, "contacts", fan] => fan.parse().ok().map(StorePage::Fan),
            ["store", _, "customers"] => Some(StorePage::Customers),
            ["store", _, "customers", fan] => fan.parse().ok().map(StorePage::Customer),
            ["store", _, "imports"] => Some(StorePage::Imports),
            ["store", _, "imports", "new"] => Some(StorePage::NewImport),
            ["store", _, "imports", import] => import.parse().ok().map(StorePage::Import),
            ["store", _, "settings"] => Some(StorePage::Settings(Section::Store)),
            ["store", _, "settings", section] => Section::parse(section).map(StorePage::Settings),
            _ => None,
        };
        page.map_or(Self::Unknown, |page| Self::Store { slug: parts[1].to_owned(), page })
    }

    fn admin(parts: &[&str]) -> Option<AdminPage> {
        match *parts {
            [] => Some(AdminPage::Stats),
            ["users"] => Some(AdminPage::Users),
            ["users", user] => user.parse().ok().map(AdminPage::User),
            ["audit-log"] => Some(AdminPage::AuditLog),
            ["webhook-events"] => Some(AdminPage::Events),
            _ => None,
        }
    }

    /// The page, within a store.
    pub(crate) fn store_page(&self) -> Option<StorePage> {
        match self {
            Self::Store { page, .. } => Some(*page),
            _ => None,
        }
    }
}

/// A page of a store.
pub(crate) fn store(slug: &str, page: StorePage) -> String {
    let slug = query_string::escape(slug);
    match page {
        StorePage::Overview => format!("/store/{slug}"),
        StorePage::Fans => format!("/store/{slug}/contacts"),
        StorePage::Fan(id) => format!("/store/{slug}/contacts/{id}"),
        StorePage::Customers => format!("/store/{slug}/customers"),
        StorePage::Customer(id) => format!("/store/{slug}/customers/{id}"),
        StorePage::Imports => format!("/store/{slug}/imports"),
        StorePage::NewImport => format!("/store/{slug}/imports/new"),
        StorePage::Import(id) => format!("/store/{slug}/imports/{id}"),
        StorePage::Settings(Section::Store) => format!("/store/{slug}/settings"),
        StorePage::Settings(section) => format!("/store/{slug}/settings/{}", section.as_str()),
    }
}

/// A page of the platform.
pub(crate) fn admin(page: AdminPage) -> String {
    match page {
        AdminPage::Stats => "/admin".to_owned(),
        AdminPage::Users => "/admin/users".to_owned(),
        AdminPage::User(id) => format!("/admin/users/{id}"),
        AdminPage::AuditLog => "/admin/audit-log".to_owned(),
        AdminPage::Events => "/admin/webhook-events".to_owned(),
    }
}

/// The fans of a store, or its customers.
pub(crate) fn fans(slug: &str, query: &FansQuery) -> String {
    let page = match query.audience {
        Audience::Fans => StorePage::Fans,
        Audience::Customers => StorePage::Customers,
    };
    with_query(store(slug, page), query)
}

/// The same, and one of them in the side panel.
pub(crate) fn fan(slug: &str, id: FanId, query: &FansQuery) -> String {
    let page = match query.audience {
        Audience::Fans => StorePage::Fan(id),
        Audience::Customers => StorePage::Customer(id),
    };
    with_query(store(slug, page), query)
}

fn with_query(path: String, query: &FansQuery) -> String {
    let query = query.to_url();
    if query.is_empty() { path } else { format!("{path}?{query}") }
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

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0199f1c2-6a35-7c2e-9a57-3c1d2b8e4f10";

    #[test]
    fn every_path_is_a_route() {
        let store = |slug: &str, page| Route::Store { slug: slug.to_owned(), page };
        let (fan, import) = (ID.parse().unwrap(), ID.parse().unwrap());
        for (path, route) in [
            ("/".to_owned(), Route::Home),
            (String::new(), Route::Home),
            ("/login/".to_owned(), Route::Login),
            ("/set-up".to_owned(), Route::SetUp),
            ("/invitation".to_owned(), Route::Invitation),
            ("/design".to_owned(), Route::Design),
            ("/store/ppr".to_owned(), store("ppr", StorePage::Overview)),
            ("/store/ppr/contacts/".to_owned(), store("ppr", StorePage::Fans)),
            (format!("/store/ppr/contacts/{ID}"), store("ppr", StorePage::Fan(fan))),
            ("/store/ppr/customers".to_owned(), store("ppr", StorePage::Customers)),
            (format!("/store/ppr/customers/{ID}/"), store("ppr", StorePage::Customer(fan))),
            ("/store/ppr/imports".to_owned(), store("ppr", StorePage::Imports)),
            ("/store/ppr/imports/new".to_owned(), store("ppr", StorePage::NewImport)),
            (format!("/store/ppr/imports/{ID}"), store("ppr", StorePage::Import(import))),
            ("/store/ppr/settings".to_owned(), store("ppr", StorePage::Settings(Section::Store))),
            ("/store/ppr/settings/tags".to_owned(), store("ppr", StorePage::Settings(Section::Tags))),
            ("/store/ppr/settings/nope".to_owned(), Route::Unknown),
            ("/store".to_owned(), Route::Unknown),
            ("/store//contacts".to_owned(), store("contacts", StorePage::Overview)),
            ("/Login".to_owned(), Route::Unknown),
            ("/admin".to_owned(), Route::Admin(AdminPage::Stats)),
            ("/admin/users".to_owned(), Route::Admin(AdminPage::Users)),
            (format!("/admin/users/{ID}"), Route::Admin(AdminPage::User(ID.parse().unwrap()))),
            ("/admin/audit-log/".to_owned(), Route::Admin(AdminPage::AuditLog)),
            ("/admin/stores".to_owned(), Route::Unknown),
            ("/store/ppr/contacts/more".to_owned(), Route::Unknown),
            (format!("/store/ppr/contacts/{ID}/x"), Route::Unknown),
        ] {
            assert_eq!(Route::parse(&path), route, "{path}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let (fan, import) = (ID.parse().unwrap(), ID.parse().unwrap());
        for page in [
            StorePage::Overview,
            StorePage::Fans,
            StorePage::Fan(fan),
            StorePage::Customers,
            StorePage::Customer(fan),
            StorePage::Imports,
            StorePage::NewImport,
            StorePage::Import(import),
            StorePage::Settings(Section::Store),
            StorePage::Settings(Section::ApiKeys),
        ] {
            assert_eq!(Route::parse(&store("ppr", page)).store_page(), Some(page));
        }
    }

    #[test]
    fn the_pages_of_the_platform_are_read_again() {
        let user = AdminPage::User(ID.parse().unwrap());
        for page in [AdminPage::Stats, AdminPage::Users, user, AdminPage::AuditLog, AdminPage::Events] {
            assert_eq!(Route::parse(&admin(page)), Route::Admin(page));
        }
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
        assert_eq!(fans("ppr", &FansQuery::of(Audience::Customers)), "/store/ppr/customers");
    }
}
