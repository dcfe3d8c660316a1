//! The store, its pages, those of the platform for its admins, and the account. A column on a desk, icons on a tablet, a sheet on a phone.

use fanbase_domain::wire::auth::MeResponse;
use leptos::{html, prelude::*};

use super::{account_menu::AccountMenu, store_switcher::StoreSwitcher};
use crate::{
    components::{Glyph, Icon},
    i18n::{format, t},
    routes::{self, AdminPage, Route, Section, StorePage},
    state::{session::Session, store::CurrentStore},
};

/// The sheet's id, by which the menu button opens it.
const ID: &str = "sidebar";

/// Opens the sidebar where it is a sheet; hidden elsewhere.
#[component]
pub(crate) fn MenuButton() -> impl IntoView {
    view! {
        <button class="menu-button" type="button" popovertarget=ID aria-label=t().frame.menu>
            <Icon glyph=Glyph::Menu />
        </button>
    }
}

#[component]
pub(super) fn Sidebar(me: MeResponse, route: Memo<Route>) -> impl IntoView {
    let sheet = NodeRef::<html::Nav>::new();
    let close = Callback::new(move |()| {
        if let Some(sheet) = sheet.get_untracked() {
            // An error says that it was not open.
            _ = sheet.hide_popover();
        }
    });
    // Names may change while the frame stays.
    let session: Session = expect_context();
    let now = move || session.me();
    let links = Links { route, close };
    let store = use_context::<CurrentStore>().map(|store| links.of_store(store));
    let admin = me.is_admin.then(|| links.of_platform());
    view! {
        <nav class="sidebar" id=ID popover="auto" node_ref=sheet aria-label=t().frame.main_navigation>
            {move || now().map(|me| view! { <StoreSwitcher stores=me.stores close /> })}
            {store}
            {admin}
            <div class="sidebar__account">{move || now().map(|me| view! { <AccountMenu me /> })}</div>
        </nav>
    }
}

/// What the links of the sidebar share.
#[derive(Clone, Copy)]
struct Links {
    route: Memo<Route>,
    close: Callback<()>,
}

impl Links {
    fn of_store(self, store: CurrentStore) -> AnyView {
        let f = &t().frame;
        let total =
            move || store.counts.value().map(|counts| format::count(counts.total)).unwrap_or_default();
        let slug = store.slug();
        let link = |to: StorePage, glyph, label, count| {
            let is_here = move |route: &Route| route.store_page().is_some_and(|page| page.group() == to);
            self.link(routes::store(&slug, to), glyph, label, count, Box::new(is_here))
        };
        view! {
            <div class="sidebar__pages">
                {link(StorePage::Overview, Glyph::Overview, f.overview, Signal::default())}
                {link(StorePage::Fans, Glyph::Fans, f.fans, Signal::derive(total))}
                {link(StorePage::Customers, Glyph::Customers, f.customers, Signal::default())}
                {link(StorePage::Imports, Glyph::Import, f.imports, Signal::default())}
                {link(StorePage::Settings(Section::Store), Glyph::Settings, f.settings, Signal::default())}
            </div>
        }
        .into_any()
    }

    fn of_platform(self) -> AnyView {
        let f = &t().frame;
        let link = |to: AdminPage, glyph, label| {
            let is_here = move |route: &Route| matches!(route, Route::Admin(page) if page.group() == to);
            self.link(routes::admin(to), glyph, label, Signal::default(), Box::new(is_here))
        };
        view! {
            <div class="sidebar__pages">
                <p class="sidebar__group">{f.platform}</p>
                {link(AdminPage::Stats, Glyph::Overview, f.platform_stats)}
                {link(AdminPage::Users, Glyph::Fans, f.users)}
                {link(AdminPage::AuditLog, Glyph::List, f.audit_log)}
                {link(AdminPage::Events, Glyph::Events, f.events)}
            </div>
        }
        .into_any()
    }

    fn link(
        self,
        href: String,
        glyph: Glyph,
        label: &'static str,
        count: Signal<String>,
        is_here: Box<dyn Fn(&Route) -> bool + Send + Sync>,
    ) -> AnyView {
        let here = move || is_here(&self.route.read()).then_some("page");
        view! {
            <a class="nav" href=href aria-current=here title=label on:click=move |_| { self.close.try_run(()); }>
                <Icon glyph />
                <span class="nav__label">{label}</span>
                <span class="nav__count">{count}</span>
            </a>
        }.into_any()
    }
}
