//! `/admin/users`: the registered accounts; `…/{user}`: one of them beside the list.

use std::sync::Arc;

use fanbase_domain::{
    ids::UserId,
    wire::admin::{AdminUserCountResponse, AdminUserResponse},
};
use leptos::ev;
use leptos::prelude::*;

use super::{bulk::BulkBar, columns, query::UsersQuery, toolbar::Toolbar, user::UserPanel};
use crate::pages::frame::PageHeader;
use crate::{
    api,
    components::{Glyph, Place, StatePanel},
    i18n::{format, t},
    router::{Address, Leave, Router},
    routes::{self, AdminPage, Route},
    state::load::Load,
    table::{self, Block, List, Row, Rows, Sorting, Table},
};

/// What the parts of the page share, a context.
#[derive(Clone, Copy)]
pub(super) struct Users {
    router: Router,
    /// What the URL says.
    pub query: Memo<UsersQuery>,
    /// The account whose panel is open.
    pub open: Memo<Option<UserId>>,
    /// How many the filter admits.
    pub count: Load<AdminUserCountResponse>,
    pub table: Table,
}

impl Users {
    fn new(route: Memo<Route>) -> Self {
        let router: Router = expect_context();
        let query = Memo::new(move |_| UsersQuery::parse(&router.address().query));
        let open = Memo::new(move |_| match *route.read() {
            Route::Admin(AdminPage::User(id)) => Some(id),
            _ => None,
        });
        let filter = Memo::new(move |_| query.read().filter());
        let count = Load::new(move || api::admin::count_users(filter.get()));
        let rows = Rows::new(Memo::new(move |_| query.read().request()), |query| async move {
            let page = api::admin::list_users(query).await?;
            Ok(Block { rows: page.items.into_iter().map(row).collect(), next: page.next_cursor })
        });
        let opener = Callback::new(move |row: Row| {
            if let Some(user) = row.get::<AdminUserResponse>() {
                let leave = if open.get_untracked().is_some() { Leave::Replace } else { Leave::Keep };
                router.go(&address(AdminPage::User(user.id), &query.get_untracked()), leave);
            }
        });
        let is_open = Memo::new(move |_| open.get().map(|id| id.uuid().as_u128()));
        let table = Table::new(rows, move || Some(count.value()?.total), filter, is_open, opener);
        Self { router, query, open, count, table }
    }

    /// Shows another list.
    pub(super) fn show(self, query: &UsersQuery, leave: Leave) {
        let page = self.open.get_untracked().map_or(AdminPage::Users, AdminPage::User);
        self.router.go(&address(page, query), leave);
    }

    /// Closes the panel.
    pub(super) fn close(self) {
        self.router.go(&address(AdminPage::Users, &self.query.get_untracked()), Leave::Keep);
    }

    /// The address of an account's panel beside this list.
    pub(super) fn href(self, id: UserId) -> String {
        address(AdminPage::User(id), &self.query.read())
    }

    /// The accounts that were picked one by one; none when all that match are selected.
    pub(super) fn picked(self) -> Vec<Arc<AdminUserResponse>> {
        self.table.picked().iter().flatten().filter_map(Row::get).collect()
    }

    /// Shows what has become of the accounts after some were changed.
    pub(super) fn changed(self) {
        self.table.rows.refresh();
        self.count.again();
    }
}

fn address(page: AdminPage, query: &UsersQuery) -> String {
    Address { path: routes::admin(page), query: query.to_url() }.to_href()
}

/// An account as a row of the table.
fn row(user: AdminUserResponse) -> Row {
    Row::new(user.id.uuid().as_u128(), columns::called(&user).to_owned(), user)
}

#[component]
pub(super) fn UsersPage(route: Memo<Route>) -> impl IntoView {
    let users = Users::new(route);
    provide_context(users);
    Effect::new(move || document().set_title(t().frame.users_long));
    let escape = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && !event.default_prevented() && !table::is_elsewhere(&event) {
            if users.open.get_untracked().is_some() {
                users.close();
            } else {
                users.table.select_nothing();
            }
        }
    });
    on_cleanup(move || escape.remove());
    let total = move || users.count.value().map(|count| format::count(count.total)).unwrap_or_default();
    let is_open = Memo::new(move |_| users.open.read().is_some());
    let panel = move || is_open.get().then(|| view! { <UserPanel /> });
    let turn = Callback::new(move |sort: String| {
        let query = UsersQuery { sort, ..users.query.get_untracked() };
        users.show(&query, Leave::Keep);
    });
    let sorting = Sorting { now: Memo::new(move |_| users.query.read().sort.clone()), turn };
    let cells = move |row| columns::cells(row, users);
    let retry = Callback::new(move |()| {
        users.table.rows.restart();
        users.count.again();
    });
    view! {
        <div class="beside" data-open=move || is_open.get().then_some("")>
            <div class="beside__list">
                <PageHeader title=t().frame.users total=Signal::derive(total) />
                <Toolbar />
                <List table=users.table label=t().frame.users layout=columns::layout()
                    head=move || columns::head(sorting) cells=Arc::new(cells) nothing=nothing
                    failed=t().admin.users_failed retry />
                <BulkBar />
            </div>
            {panel}
        </div>
    }
}

/// Nobody to show: somebody is registered, since somebody looks at this.
fn nothing() -> AnyView {
    let a = &t().admin;
    view! {
        <StatePanel glyph=Glyph::Search place=Place::Part title=a.nothing_title detail=a.nothing_detail>
            <a class="button" href=routes::admin(AdminPage::Users)>{t().fans.show_all}</a>
        </StatePanel>
    }
    .into_any()
}
