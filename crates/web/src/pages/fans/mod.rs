//! `/store/{store}/contacts`: the fans of a store; `…/{fan}`: one of them beside the list.
//!
//! The URL says what is shown. The rows, the counts on the tabs and the panel follow it.

mod bulk_bar;
mod bulk_dialogs;
mod cache;
mod chips;
mod columns_menu;
mod export;
mod filter_editors;
mod filter_menu;
mod grid;
mod grid_head;
mod keys;
mod list;
mod observe;
mod page;
mod profile;
mod row;
mod rows;
mod search;
mod select;
mod selection;
mod tabs;
mod toolbar;
mod views_menu;
mod window;

use crate::ui::prelude::*;
use fanbase_domain::{fan::FanType, ids::FanId, time::Timestamp, wire::fans::FanCountsResponse};

use self::{rows::Rows, selection::Selection};
pub(crate) use page::FansPage;

use crate::{
    api,
    router::{Leave, Router},
    routes::{self, Route, StorePage},
    state::{
        fans_query::{Column, Density, FansQuery},
        load::Load,
        memory, query_string,
        store::CurrentStore,
        toasts::Toasts,
    },
};

/// The names under which the look of the table is remembered.
const COLUMNS: &str = "fans.columns";
const DENSITY: &str = "fans.rows";

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
    rows: Rows,
    selection: RwSignal<Selection>,
    /// The row that the keyboard is at.
    active: RwSignal<Option<u64>>,
    remembered: RwSignal<(Vec<Column>, Density)>,
    toasts: Toasts,
}

impl Fans {
    fn new(route: Memo<Route>) -> Self {
        let (store, router): (CurrentStore, Router) = (expect_context(), expect_context());
        let query = Memo::new(move || FansQuery::parse(&router.address().query));
        let open = Memo::new(move || match route.read().store_page() {
            Some(StorePage::Fan(id)) => Some(id),
            _ => None,
        });
        let id = store.id();
        let list = Memo::new(move || query.read().list());
        let filter = Memo::new(move || list.read().filter.of_any_type());
        let counts = Load::new(move || {
            let pairs = filter.read().api_pairs(now());
            let query = query_string::encode(pairs.iter().map(|(key, value)| (*key, value.as_str())));
            api::fans::get_fan_counts(id, query)
        });
        Self {
            store,
            router,
            query,
            open,
            counts,
            rows: Rows::new(id, list),
            selection: RwSignal::new(Selection::default()),
            active: RwSignal::new(None),
            remembered: RwSignal::new(remembered_look()),
            toasts: expect_context(),
        }
    }

    /// How many rows the list has: counted, or known since its end is there.
    fn total(self) -> Option<u64> {
        let counted = self.counts.value().map(|counts| match self.query.read().filter.types.as_slice() {
            [] => counts.total,
            types => types.iter().map(|kind| count_of(&counts, Some(*kind))).sum(),
        });
        counted.or_else(|| self.rows.end())
    }

    /// The columns that are shown.
    fn columns(self) -> Vec<Column> {
        self.query.read().columns.clone().unwrap_or_else(|| self.remembered.read().0.clone())
    }

    /// How high the rows are.
    fn density(self) -> Density {
        self.query.read().density.unwrap_or_else(|| self.remembered.read().1)
    }

    /// Shows other columns or rows, here and on the next visits.
    fn set_look(self, columns: Vec<Column>, density: Density) {
        let names: Vec<&str> = columns.iter().map(|column| column.as_str()).collect();
        memory::remember(COLUMNS, &names.join("."));
        memory::remember(DENSITY, density.as_str());
        let query = FansQuery {
            columns: (columns != Column::DEFAULT).then(|| columns.clone()),
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

    /// Opens a fan's panel.
    pub(crate) fn open(self, id: FanId) {
        let leave = if self.open.get_untracked().is_some() { Leave::Replace } else { Leave::Keep };
        self.router.go(&self.fan_href(id), leave);
    }

    /// Closes the panel.
    pub(crate) fn close(self) {
        self.router.go(&routes::fans(&self.store.slug(), &self.query.read_untracked()), Leave::Keep);
    }

    /// The address of a fan's panel beside this list.
    fn fan_href(self, id: FanId) -> String {
        routes::fan(&self.store.slug(), id, &self.query.read())
    }

    /// Shows what has become of the fans after some were changed.
    pub(crate) fn changed(self) {
        self.rows.refresh();
        self.counts.again();
        self.store.counts.again();
        self.store.tags.again();
    }

    /// The neighbour of the row that the keyboard is at, for the panel.
    pub(crate) fn step(self, forward: bool) {
        let at = self.active.get_untracked().unwrap_or_default();
        let next = if forward { Some(at + 1) } else { at.checked_sub(1) };
        if let Some((next, fan)) = next.and_then(|next| Some((next, self.rows.get(next)?))) {
            self.active.set(Some(next));
            self.open(fan.id);
        }
    }
}

/// The look that was last chosen.
fn remembered_look() -> (Vec<Column>, Density) {
    let columns = memory::recall(COLUMNS).map(|names| names.split('.').filter_map(Column::parse).collect());
    let density = memory::recall(DENSITY).and_then(|name| Density::parse(&name));
    (columns.unwrap_or_else(|| Column::DEFAULT.to_vec()), density.unwrap_or(Density::Comfortable))
}

/// How many fans a tab has.
fn count_of(counts: &FanCountsResponse, kind: Option<FanType>) -> u64 {
    let FanCountsResponse { total, lead, paying, subscription, user } = *counts;
    match kind {
        None => total,
        Some(FanType::Lead) => lead,
        Some(FanType::Paying) => paying,
        Some(FanType::Subscription) => subscription,
        Some(FanType::User) => user,
    }
}

fn now() -> Timestamp {
    Timestamp::from_millis(js_sys::Date::now() as i64)
}
