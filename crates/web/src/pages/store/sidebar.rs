//! The store, its pages and the account. A column on a desk, icons on a tablet, a sheet on a phone.

use crate::ui::prelude::*;
use fanbase_domain::wire::auth::MeResponse;

use super::{account_menu::AccountMenu, store_switcher::StoreSwitcher};
use crate::{
    components::{Glyph, Icon},
    i18n::{format, t},
    routes::{self, Section, StorePage},
    state::store::CurrentStore,
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
pub(super) fn Sidebar(me: MeResponse, page: Memo<Option<StorePage>>) -> impl IntoView {
    let current: CurrentStore = expect_context();
    let sheet = NodeRef::<web_sys::HtmlElement>::new();
    let close = Callback::new(move |()| {
        if let Some(sheet) = sheet.get_untracked() {
            // An error says that it was not open.
            _ = sheet.hide_popover();
        }
    });
    let total = move || current.counts.value().map(|counts| format::count(counts.total));
    let total = Signal::derive(move || total().unwrap_or_default());
    let none = Signal::default;
    let slug = current.slug();
    let f = &t().frame;
    let link = |to: StorePage, glyph, label, count| {
        let here = move || match page.get() {
            Some(StorePage::NewImport | StorePage::Import(_)) => to == StorePage::Imports,
            Some(StorePage::Settings(_)) => matches!(to, StorePage::Settings(_)),
            here => here == Some(to),
        };
        let here = move || here().then_some("page");
        view! {
            <a class="nav" href=routes::store(&slug, to) aria-current=here title=label on:click=move |_| close.run(())>
                <Icon glyph />
                <span class="nav__label">{label}</span>
                <span class="nav__count">{count}</span>
            </a>
        }
        .into_any()
    };
    view! {
        <nav class="sidebar" id=ID popover="auto" node_ref=sheet aria-label=f.main_navigation>
            <StoreSwitcher stores=me.stores.clone() close />
            <div class="sidebar__pages">
                {link(StorePage::Overview, Glyph::Overview, f.overview, none())}
                {link(StorePage::Fans, Glyph::Fans, f.fans, total)}
                {link(StorePage::Imports, Glyph::Import, f.imports, none())}
                {link(StorePage::Settings(Section::Store), Glyph::Settings, f.settings, none())}
            </div>
            <div class="sidebar__account"><AccountMenu me /></div>
        </nav>
    }
}
