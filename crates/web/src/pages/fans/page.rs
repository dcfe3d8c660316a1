//! The page itself: its parts, in their order.

use fanbase_domain::role::Permission;
use leptos::ev;
use leptos::prelude::*;

use super::{
    Fans,
    bulk_bar::BulkBar,
    count_of,
    list::{FanList, Nobody},
    stats::Stats,
    tabs::Tabs,
    toolbar::Toolbar,
};
use crate::pages::frame::PageHeader;
use crate::{
    api,
    components::{Glyph, Icon, Popover},
    i18n::{format, t},
    pages::parts,
    routes::{self, Route, StorePage},
    state::fans_query::Audience,
    table,
};

#[component]
pub(crate) fn FansPage(audience: Audience, route: Memo<Route>) -> impl IntoView {
    let fans = Fans::new(audience, route);
    provide_context(fans);
    let store = fans.store.get();
    let heading = (t().fans.title)(audience);
    let title = format!("{heading} · {}", store.name);
    Effect::new(move || document().set_title(&title));
    let escape = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && !event.default_prevented() && !table::is_elsewhere(&event) {
            if fans.open.get_untracked().is_some() {
                fans.close();
            } else {
                fans.table.select_nothing();
            }
        }
    });
    on_cleanup(move || escape.remove());
    let total = move || {
        let counts = fans.store.counts.value();
        counts.map(|counts| format::count(count_of(&counts, audience, None))).unwrap_or_default()
    };
    let stats = (audience == Audience::Customers).then(|| view! { <Stats fans /> });
    let invites = Memo::new(move |_| fans.invites());
    let list = move || match invites.get() {
        true => view! { <div class="list"><div class="list__state"><Nobody fans /></div></div> }.into_any(),
        false => view! { <FanList /> }.into_any(),
    };
    let is_open = Memo::new(move |_| fans.open.read().is_some());
    let panel = move || is_open.get().then(parts::fan);
    view! {
        <div class="beside" data-open=move || is_open.get().then_some("")>
            <div class="beside__list">
                <PageHeader title=heading total=Signal::derive(total)>
                    <Actions fans />
                </PageHeader>
                {stats}
                <Tabs />
                <Toolbar />
                {list}
                <BulkBar />
            </div>
            {panel}
        </div>
    }
}

/// Export and import.
#[component]
fn Actions(fans: Fans) -> impl IntoView {
    let export = fans.store.may(Permission::Export).then(|| view! { <ExportMenu fans /> });
    let import = fans.store.may(Permission::Import).then(|| {
        view! {
            <a class="button button--primary" href=routes::store(&fans.store.slug(), StorePage::NewImport)>
                {t().fans.import}
            </a>
        }
    });
    view! { {export}{import} }
}

/// Downloads the list as it is on screen, or with everything that is known.
#[component]
fn ExportMenu(fans: Fans) -> impl IntoView {
    let (f, id) = (&t().fans, fans.store.id());
    let face = || {
        view! { <Icon glyph=Glyph::Download /><span class="button__label">{t().fans.export}</span> }
    };
    let shown = move || {
        let query = fans.query.read().export(format::now(), Some(&fans.columns()));
        api::fans::export_address(id, &query)
    };
    let all = move || api::fans::export_address(id, &fans.query.read().export(format::now(), None));
    let content = move || {
        view! {
            <a class="menu__item" role="menuitem" href=shown download="">{f.export_shown}</a>
            <a class="menu__item" role="menuitem" href=all download="">{f.export_all}</a>
        }
        .into_any()
    };
    view! {
        <Popover label=f.export_hint class="button" trigger=face children=content />
    }
}
