//! `/store/{store}/contacts`: the fans of a store, and `/store/{store}/customers`: its customers;
//! `…/{fan}`: one of them beside the list.
//!
//! The URL says what is shown. The rows, the counts on the tabs and the panel follow it.

mod bulk_bar;
mod bulk_dialogs;
mod catalogue;
mod chips;
mod columns_menu;
mod export;
mod filter_editors;
mod filter_menu;
mod list;
mod page;
mod profile;
mod row;
mod stats;
mod tabs;
mod toolbar;
mod views_menu;

use std::sync::Arc;

use fanbase_domain::{
    fan::FanType,
    ids::FanId,
    role::Permission,
    wire::fans::{FanCountsResponse, FanResponse},
};
use leptos::prelude::*;

use self::catalogue::Catalogue;
pub(crate) use page::FansPage;

use crate::{
    api,
    i18n::format,
    router::{Leave, Router},
    routes::{self, Route, StorePage},
    state::{
        fans_query::{Audience, Column, Density, FansQuery},
        load::Load,
        memory,
        store::CurrentStore,
        toasts::Toasts,
    },
    table::{Block, Row, Rows, Table},
};

/// What the parts of the page share, a context.
#[derive(Clone, Copy)]
pub(crate) struct Fans {
    pub store: CurrentStore,
    router: Router,
    /// What the URL says.
    pub query: Memo<FansQuery>,
    /// The fan whose panel is open.
    pub open: Memo<Option<FanId>>,
    /// How many there are of each type, whatever the tab.
    pub counts: Load<FanCountsResponse>,
    table: Table,
    catalogue: Catalogue,
    remembered: RwSignal<(Vec<Column>, Density)>,
    /// Raised when fans were changed here.
    pub changes: RwSignal<u32>,
    toasts: Toasts,
}

impl Fans {
    fn new(audience: Audience, route: Memo<Route>) -> Self {
        let (store, router): (CurrentStore, Router) = (expect_context(), expect_context());
        let query = Memo::new(move |_| FansQuery::parse(audience, &router.address().query));
        let open = Memo::new(move |_| match route.read().store_page() {
            Some(StorePage::Fan(id) | StorePage::Customer(id)) => Some(id),
            _ => None,
        });
        let id = store.id();
        let list = Memo::new(move |_| query.read().list());
        let counted = Memo::new(move |_| list.read().counts(format::now()));
        let counts = Load::new(move || api::fans::get_fan_counts(id, counted.get()));
        let remembered = RwSignal::new(remembered_look(audience));
        let includes = Memo::new(move |_| -> Vec<&str> {
            columns(query, remembered).into_iter().filter_map(Column::include).collect()
        });
        // Of one instant, so that what is asked for stays the same list while one scrolls.
        let request = Memo::new(move |_| list.read().request(format::now(), &includes.read()));
        let rows = Rows::new(request, move |query| async move {
            let page = api::fans::list_fans(id, query).await?;
            Ok(Block { rows: page.items.into_iter().map(row).collect(), next: page.next_cursor })
        });
        let total = move || {
            let counts = counts.value()?;
            Some(match query.read().filter.types.as_slice() {
                [] => count_of(&counts, audience, None),
                types => types.iter().map(|kind| count_of(&counts, audience, Some(*kind))).sum(),
            })
        };
        let filter = Memo::new(move |_| query.read().filter_url());
        let is_open = Memo::new(move |_| open.get().map(|id| id.uuid().as_u128()));
        let slug = store.slug();
        let opener = Callback::new(move |row: Row| {
            if let Some(fan) = row.get::<FanResponse>() {
                // The panel of another fan takes the place of the one before it in the history.
                let leave = if open.get_untracked().is_some() { Leave::Replace } else { Leave::Keep };
                router.go(&routes::fan(&slug, fan.id, &query.get_untracked()), leave);
            }
        });
        Self {
            store,
            router,
            query,
            open,
            counts,
            table: Table::new(rows, total, filter, is_open, opener),
            catalogue: Catalogue::new(id),
            remembered,
            changes: RwSignal::new(0),
            toasts: expect_context(),
        }
    }

    /// Whether the store is so new that it invites to import: it has nobody but accounts, whom the tab of
    /// registered people shows.
    fn invites(self) -> bool {
        self.query.read().filter.is_empty() && self.store.is_new()
    }

    /// The columns that are shown.
    fn columns(self) -> Vec<Column> {
        let sees_money = self.store.may(Permission::SeeMoney);
        let shown = columns(self.query, self.remembered).into_iter();
        shown.filter(|column| sees_money || *column != Column::Spent).collect()
    }

    /// Whose page it is.
    pub(crate) fn audience(self) -> Audience {
        self.query.read_untracked().audience
    }

    /// How high the rows are.
    fn density(self) -> Density {
        self.query.read().density.unwrap_or_else(|| self.remembered.read().1)
    }

    /// What the URL says, and how the table looks where the URL does not say it: what a saved view has.
    fn query_with_look(self) -> FansQuery {
        untrack(|| FansQuery {
            columns: Some(self.columns()),
            density: Some(self.density()),
            ..self.query.get_untracked()
        })
    }

    /// Shows other columns or rows, here and on the next visits.
    fn set_look(self, columns: Vec<Column>, density: Density) {
        let names: Vec<&str> = columns.iter().map(|column| column.as_str()).collect();
        let audience = self.audience();
        memory::remember(&format!("{}.columns", audience.code()), &names.join("."));
        memory::remember(&format!("{}.rows", audience.code()), density.as_str());
        let query = FansQuery {
            columns: (columns != audience.columns()).then(|| columns.clone()),
            density: (density != Density::Comfortable).then_some(density),
            ..self.query.get_untracked()
        };
        self.remembered.set((columns, density));
        self.show(&query, Leave::Replace);
    }

    /// Shows another list, or the same in another way.
    pub(crate) fn show(self, query: &FansQuery, leave: Leave) {
        let slug = self.store.slug();
        let href = match self.open.get_untracked() {
            Some(id) => routes::fan(&slug, id, query),
            None => routes::fans(&slug, query),
        };
        self.router.go(&href, leave);
    }

    /// Closes the panel.
    pub(crate) fn close(self) {
        self.router.go(&routes::fans(&self.store.slug(), &self.query.get_untracked()), Leave::Keep);
    }

    /// The address of a fan's panel beside this list.
    fn fan_href(self, id: FanId) -> String {
        routes::fan(&self.store.slug(), id, &self.query.read())
    }

    /// The fans that were picked one by one; none when all that match are selected.
    fn picked(self) -> Vec<Arc<FanResponse>> {
        self.table.picked().iter().flatten().filter_map(Row::get).collect()
    }

    /// Shows the list without a fan who was deleted, and closes the panel if it still shows them.
    pub(crate) fn deleted(self, id: FanId) {
        let is_open = self.open.try_read_untracked().is_some_and(|open| *open == Some(id));
        if is_open {
            self.close();
        }
        self.table.unselect(id.uuid().as_u128());
        self.changed();
    }

    /// Shows what has become of the fans after some were changed.
    pub(crate) fn changed(self) {
        self.table.rows.refresh();
        self.changes.update(|changes| *changes += 1);
        self.counts.again();
        self.store.counts.again();
        self.store.tags.again();
    }

    /// Opens the neighbour of the fan in the panel.
    pub(crate) fn step(self, forward: bool) {
        self.table.step(forward);
    }
}

/// A fan as a row of the table.
fn row(fan: FanResponse) -> Row {
    let name = fan.name.clone().unwrap_or_else(|| fan.email.clone());
    Row::new(fan.id.uuid().as_u128(), name, fan)
}

/// The columns that the URL names, or else those that were last chosen.
fn columns(query: Memo<FansQuery>, remembered: RwSignal<(Vec<Column>, Density)>) -> Vec<Column> {
    query.read().columns.clone().unwrap_or_else(|| remembered.read().0.clone())
}

/// The look that was last chosen.
fn remembered_look(audience: Audience) -> (Vec<Column>, Density) {
    let recall = |what: &str| memory::recall(&format!("{}.{what}", audience.code()));
    let columns = recall("columns").map(|names| names.split('.').filter_map(Column::parse).collect());
    let density = recall("rows").and_then(|name| Density::parse(&name));
    (columns.unwrap_or_else(|| audience.columns().to_vec()), density.unwrap_or(Density::Comfortable))
}

/// How many fans a tab has.
fn count_of(counts: &FanCountsResponse, audience: Audience, kind: Option<FanType>) -> u64 {
    let FanCountsResponse { total: _, lead, paying, subscription, user } = *counts;
    match kind {
        None => audience.types().map(|kind| count_of(counts, audience, Some(kind))).sum(),
        Some(FanType::Lead) => lead,
        Some(FanType::Paying) => paying,
        Some(FanType::Subscription) => subscription,
        Some(FanType::User) => user,
    }
}
