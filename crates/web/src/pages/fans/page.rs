//! The page itself: its parts, in their order.

use crate::ui::prelude::*;
use fanbase_domain::role::Permission;
use leptos::ev;

use super::{Fans, bulk_bar::BulkBar, list::FanList, tabs::Tabs, toolbar::Toolbar};
use crate::{
    api,
    components::{Glyph, Icon, PageHeader},
    i18n::{format, t},
    pages::parts,
    routes::{self, Route, StorePage},
    state::query_string,
    table,
};

#[component]
pub(crate) fn FansPage(route: Memo<Route>) -> impl IntoView {
    let fans = Fans::new(route);
    provide_context(fans);
    let store = fans.store.get();
    let title = format!("{} · {}", t().fans.title, store.name);
    effect(move || document().set_title(&title));
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
    let total =
        move || fans.store.counts.value().map(|counts| format::count(counts.total)).unwrap_or_default();
    let is_open = Memo::new(move || fans.open.read().is_some());
    let panel = move || is_open.get().then(parts::fan);
    view! {
        <div class="beside" data-open=move || is_open.get().then_some("")>
            <div class="beside__list">
                <PageHeader title=t().fans.title total=Signal::derive(total)>
                    <Actions fans />
                </PageHeader>
                <Tabs />
                <Toolbar />
                <FanList />
                <BulkBar />
            </div>
            {panel}
        </div>
    }
}

/// Export and import.
#[component]
fn Actions(fans: Fans) -> impl IntoView {
    let id = fans.store.id();
    let export = move || {
        let pairs = fans.query.read().filter.api_pairs(format::now());
        let query = query_string::encode(pairs.iter().map(|(key, value)| (*key, value.as_str())));
        api::fans::export_address(id, &query)
    };
    let export = fans.store.may(Permission::Export).then(|| {
        view! {
            <a class="button" href=export download="" title=t().fans.export_hint>
                <Icon glyph=Glyph::Download />
                <span class="button__label">{t().fans.export}</span>
            </a>
        }
    });
    let import = fans.store.may(Permission::Import).then(|| {
        view! {
            <a class="button button--primary" href=routes::store(&fans.store.slug(), StorePage::NewImport)>
                {t().fans.import}
            </a>
        }
    });
    view! { {export}{import} }
}
