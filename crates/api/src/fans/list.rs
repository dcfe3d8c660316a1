//! A page of fans: two arms, customers and accounts, each read in the order of the list
//! from where the cursor stands, and merged.

use std::{cmp::Ordering, collections::HashMap};

use fanbase_domain::{
    fan::{Account, Fan},
    filter::FanFilter,
    ids::{StoreId, UserId},
    page::{Arm, Bound, Cursor, Phase, Position, Sort, SortColumn, SortValue, Step, bound},
};
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

use super::{
    conditions,
    plan::{self, Plan, Plans},
};
use crate::{
    customers::rows,
    db::{
        entities::{customers, users},
        is_sqlite,
        sql::Sql,
    },
    error::ApiError,
    users::rows::user,
};

/// What a page is asked for by.
#[derive(Clone, Debug)]
pub struct Query<'a> {
    /// The store.
    pub store_id: StoreId,
    /// Which fans.
    pub filter: &'a FanFilter,
    /// In which order.
    pub sort: Sort,
    /// From where; from the start without one.
    pub cursor: Option<&'a Cursor>,
    /// How many.
    pub limit: u64,
}

/// Fans in the order of the list, and whether there are more in the direction that was read.
#[derive(Clone, Debug)]
pub struct Fans {
    /// The fans.
    pub items: Vec<Fan>,
    /// Whether the list goes on.
    pub more: bool,
}

/// Reads a page. All statements have to see the same state: `db` is a snapshot.
///
/// # Errors
/// When the database fails.
pub async fn read(db: &impl ConnectionTrait, plans: &Plans, query: &Query<'_>) -> Result<Fans, ApiError> {
    let (found, more) = find_rows(db, plans, query).await?;
    Ok(Fans { items: complete(db, query.store_id, found).await?, more })
}

/// The positions of a page, without the fans.
///
/// # Errors
/// When the database fails.
pub async fn positions(
    db: &impl ConnectionTrait,
    plans: &Plans,
    query: &Query<'_>,
) -> Result<Vec<Position>, ApiError> {
    let (found, _) = find_rows(db, plans, query).await?;
    Ok(found.iter().map(|row| row.position().clone()).collect())
}

async fn find_rows(
    db: &impl ConnectionTrait,
    plans: &Plans,
    query: &Query<'_>,
) -> Result<(Vec<Found>, bool), ApiError> {
    let backwards = query.cursor.is_some_and(|cursor| cursor.step == Step::Previous);
    let wanted = usize::try_from(query.limit).unwrap_or(usize::MAX) + 1;
    let mut phases = phases(query.sort.column).to_vec();
    if backwards {
        phases.reverse();
    }
    let mut found: Vec<Found> = Vec::new();
    for phase in phases {
        if found.len() < wanted {
            let missing = wanted - found.len();
            found.extend(read_phase(db, plans, query, phase, missing, backwards).await?);
        }
    }
    let more = found.len() >= wanted;
    found.truncate(wanted - 1);
    if backwards {
        found.reverse();
    }
    Ok((found, more))
}

/// Fans without a value to sort by come after those with one; some columns always have one.
pub(super) fn phases(column: SortColumn) -> &'static [Phase] {
    match column {
        SortColumn::CreatedAt | SortColumn::Email => &[Phase::Valued],
        _ => &[Phase::Valued, Phase::Missing],
    }
}

/// A row of either arm, with its place in the list.
enum Found {
    Customer(Box<customers::Model>, Position),
    User(Box<users::Model>, Position),
}

impl Found {
    fn position(&self) -> &Position {
        match self {
            Self::Customer(_, position) | Self::User(_, position) => position,
        }
    }
}

async fn read_phase(
    db: &impl ConnectionTrait,
    plans: &Plans,
    query: &Query<'_>,
    phase: Phase,
    wanted: usize,
    backwards: bool,
) -> Result<Vec<Found>, ApiError> {
    let customers = if query.filter.admits_customers() {
        read_customers(db, plans, query, phase, wanted, backwards).await?
    } else {
        Vec::new()
    };
    let users = if query.filter.admits_users() {
        // What lies beyond the last customer of a full page cannot be on the page.
        let last = (customers.len() == wanted).then(|| customers.last().map(Found::position)).flatten();
        read_users(db, plans, query, phase, last, wanted, backwards).await?
    } else {
        Vec::new()
    };
    Ok(merge(customers, users, query.sort, backwards, wanted))
}

fn merge(a: Vec<Found>, b: Vec<Found>, sort: Sort, backwards: bool, wanted: usize) -> Vec<Found> {
    let mut merged = Vec::with_capacity(wanted);
    let (mut a, mut b) = (a.into_iter().peekable(), b.into_iter().peekable());
    while merged.len() < wanted {
        let ordering = match (a.peek(), b.peek()) {
            (Some(a), Some(b)) => sort.compare(a.position(), b.position()),
            (Some(_), None) => {
                if backwards {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
            (None, Some(_)) => {
                if backwards {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            (None, None) => break,
        };
        let take_a = (ordering == Ordering::Less) != backwards;
        merged.extend(if take_a { a.next() } else { b.next() });
    }
    merged
}

async fn read_customers(
    db: &impl ConnectionTrait,
    plans: &Plans,
    query: &Query<'_>,
    phase: Phase,
    wanted: usize,
    backwards: bool,
) -> Result<Vec<Found>, ApiError> {
    let bound = bound(query.cursor, phase, Arm::Customers);
    if bound == Bound::Nothing {
        return Ok(Vec::new());
    }
    let plan = plans.of_customers(db, query.store_id, query.filter).await?;
    let order = Order::new(Arm::Customers, query.sort, backwards);
    let mut sql = Sql::new("SELECT c.* FROM ");
    match plan {
        Plan::Walk => {
            sql.push("customers c WHERE c.store_id = ").bind(query.store_id.uuid());
        }
        // Only ids are sorted; the rows of the page are read afterwards.
        Plan::Gather(driver) => {
            sql.push("(SELECT c.id FROM ");
            plan::candidates(&mut sql, db, query.store_id, query.filter, driver);
        }
    }
    order.phase(&mut sql, phase);
    order.bound(&mut sql, &bound);
    conditions::of_customers(&mut sql, db, query.store_id, query.filter);
    order.order_by(&mut sql, db, matches!(plan, Plan::Gather(_)));
    sql.push(&format!(" LIMIT {wanted}"));
    if let Plan::Gather(_) = plan {
        sql.push(") AS page CROSS JOIN customers c WHERE c.id = page.id AND c.store_id = ");
        sql.bind(query.store_id.uuid());
        order.order_by(&mut sql, db, true);
    }
    let models: Vec<customers::Model> = sql.models(db).await?;
    let column = query.sort.column;
    Ok(models
        .into_iter()
        .map(|model| {
            let value = customer_value(&model, column);
            let position = Position { value, arm: Arm::Customers, id: model.id };
            Found::Customer(Box::new(model), position)
        })
        .collect())
}

async fn read_users(
    db: &impl ConnectionTrait,
    plans: &Plans,
    query: &Query<'_>,
    phase: Phase,
    last: Option<&Position>,
    wanted: usize,
    backwards: bool,
) -> Result<Vec<Found>, ApiError> {
    let bound = bound(query.cursor, phase, Arm::Users);
    let order = Order::new(Arm::Users, query.sort, backwards);
    if bound == Bound::Nothing || (order.column.is_none() && phase == Phase::Valued) {
        return Ok(Vec::new());
    }
    let plan = plans.of_users(db, query.filter).await?;
    let mut sql = Sql::new("SELECT u.* FROM ");
    match (plan, &query.filter.search) {
        (Plan::Gather(_), Some(search)) => plan::users_found(&mut sql, db, search),
        _ => {
            sql.push("users u WHERE TRUE");
        }
    }
    order.phase(&mut sql, phase);
    order.bound(&mut sql, &bound);
    if let Some(last) = last {
        order.up_to(&mut sql, last);
    }
    conditions::of_users(&mut sql, db, query.filter);
    conditions::unlinked(&mut sql, query.store_id);
    order.order_by(&mut sql, db, matches!(plan, Plan::Gather(_)));
    sql.push(&format!(" LIMIT {wanted}"));
    let models: Vec<users::Model> = sql.models(db).await?;
    let column = query.sort.column;
    Ok(models
        .into_iter()
        .map(|model| {
            let value = user_value(&model, column);
            let position = Position { value, arm: Arm::Users, id: model.id };
            Found::User(Box::new(model), position)
        })
        .collect())
}

fn customer_value(model: &customers::Model, column: SortColumn) -> Option<SortValue> {
    match column {
        SortColumn::CreatedAt => Some(SortValue::Int(model.created_at)),
        SortColumn::Name => model.name_sort.clone().map(SortValue::Text),
        SortColumn::Email => Some(SortValue::Text(model.email_key.clone())),
        SortColumn::TotalSpent => (model.total_spent > 0).then_some(SortValue::Int(model.total_spent)),
        SortColumn::Score => model.score.map(SortValue::Int),
        SortColumn::LastActivityAt => model.last_activity_at.map(SortValue::Int),
    }
}

fn user_value(model: &users::Model, column: SortColumn) -> Option<SortValue> {
    match column {
        SortColumn::CreatedAt => Some(SortValue::Int(model.created_at)),
        SortColumn::Name => model.name_sort.clone().map(SortValue::Text),
        SortColumn::Email => model.email_key.clone().map(SortValue::Text),
        SortColumn::TotalSpent | SortColumn::Score => None,
        SortColumn::LastActivityAt => model.last_sign_in_at.map(SortValue::Int),
    }
}

/// The order of one arm, as SQL that an index serves.
pub(super) struct Order {
    table: &'static str,
    /// The column sorted by; accounts have none for what they never have.
    pub(super) column: Option<&'static str>,
    kind: SortColumn,
    ascending: bool,
}

impl Order {
    pub(super) fn new(arm: Arm, sort: Sort, backwards: bool) -> Self {
        let column = match (sort.column, arm) {
            (SortColumn::CreatedAt, _) => Some("created_at"),
            (SortColumn::Name, _) => Some("name_sort"),
            (SortColumn::Email, _) => Some("email_key"),
            (SortColumn::TotalSpent, Arm::Customers) => Some("total_spent"),
            (SortColumn::Score, Arm::Customers) => Some("score"),
            (SortColumn::LastActivityAt, Arm::Customers) => Some("last_activity_at"),
            (SortColumn::LastActivityAt, Arm::Users) => Some("last_sign_in_at"),
            (SortColumn::TotalSpent | SortColumn::Score, Arm::Users) => None,
        };
        let table = if arm == Arm::Customers { "c" } else { "u" };
        Self { table, column, kind: sort.column, ascending: sort.descending == backwards }
    }

    fn name(&self) -> Option<String> {
        self.column.map(|column| format!("{}.{column}", self.table))
    }

    /// Adds ` AND` that there is a value, or none.
    pub(super) fn phase(&self, sql: &mut Sql, phase: Phase) {
        let Some(name) = self.name() else { return };
        match (self.kind, phase) {
            (SortColumn::CreatedAt | SortColumn::Email, _) => {}
            // Nobody has spent less than nothing.
            (SortColumn::TotalSpent, Phase::Valued) => {
                sql.push(&format!(" AND {name} > 0"));
            }
            (SortColumn::TotalSpent, Phase::Missing) => {
                sql.push(&format!(" AND {name} = 0"));
            }
            (_, Phase::Valued) => {
                sql.push(&format!(" AND {name} IS NOT NULL"));
            }
            (_, Phase::Missing) => {
                sql.push(&format!(" AND {name} IS NULL"));
            }
        }
    }

    /// Adds ` AND` what lies beyond the cursor, as one comparison: an OR would be a scan.
    pub(super) fn bound(&self, sql: &mut Sql, bound: &Bound) {
        let beyond = if self.ascending { ">" } else { "<" };
        let operator = |inclusive: bool| if inclusive { format!("{beyond}=") } else { beyond.to_owned() };
        match (bound, self.name()) {
            (Bound::All | Bound::Nothing, _) | (Bound::BeyondValue { .. }, None) => {}
            (Bound::BeyondValue { value, inclusive }, Some(name)) => {
                sql.push(&format!(" AND {name} {} ", operator(*inclusive))).bind(bindable(value));
            }
            // An address is unique, so that it needs no id to break ties.
            (Bound::Beyond { value: Some(value), inclusive, .. }, Some(name))
                if self.kind == SortColumn::Email =>
            {
                sql.push(&format!(" AND {name} {} ", operator(*inclusive))).bind(bindable(value));
            }
            (Bound::Beyond { value: Some(value), id, inclusive }, Some(name)) => {
                sql.push(&format!(" AND ({name}, {}.id) {} (", self.table, operator(*inclusive)));
                sql.bind(bindable(value)).push(", ").bind(*id).push(")");
            }
            (Bound::Beyond { id, inclusive, .. }, _) => {
                sql.push(&format!(" AND {}.id {} ", self.table, operator(*inclusive))).bind(*id);
            }
        }
    }

    /// Adds ` AND` what does not lie beyond a position.
    fn up_to(&self, sql: &mut Sql, last: &Position) {
        let operator = if self.ascending { "<=" } else { ">=" };
        if let (Some(name), Some(value)) = (self.name(), &last.value) {
            sql.push(&format!(" AND {name} {operator} ")).bind(bindable(value));
        }
    }

    /// Adds the ORDER BY. What was gathered is sorted: the `+` keeps SQLite from walking
    /// an index in this order instead.
    pub(super) fn order_by(&self, sql: &mut Sql, db: &impl ConnectionTrait, gathered: bool) {
        let direction = if self.ascending { "ASC" } else { "DESC" };
        let plus = if gathered && is_sqlite(db) { "+" } else { "" };
        let id = format!("{plus}{}.id {direction}", self.table);
        match self.name() {
            Some(name) if self.kind == SortColumn::Email => {
                sql.push(&format!(" ORDER BY {plus}{name} {direction}"))
            }
            Some(name) => sql.push(&format!(" ORDER BY {plus}{name} {direction}, {id}")),
            None => sql.push(&format!(" ORDER BY {id}")),
        };
    }
}

/// What is sorted by, as a value of a statement.
#[must_use]
pub fn bindable(value: &SortValue) -> Value {
    match value {
        SortValue::Int(n) => (*n).into(),
        SortValue::Text(text) => text.as_str().into(),
    }
}

/// Adds tags and accounts to the rows of a page.
async fn complete(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    found: Vec<Found>,
) -> Result<Vec<Fan>, ApiError> {
    let (mut ids, mut accounts) = (Vec::new(), Vec::new());
    for row in &found {
        if let Found::Customer(model, _) = row {
            ids.push(model.id);
            accounts.extend(model.user_id);
        }
    }
    let mut tags = rows::tags_of(db, store_id, &ids).await?;
    let accounts = accounts_of(db, &accounts).await?;
    let mut fans = Vec::with_capacity(found.len());
    for row in found {
        match row {
            Found::Customer(model, _) => {
                let account = model.user_id.and_then(|id| accounts.get(&id).cloned());
                let tags = tags.remove(&model.id).unwrap_or_default();
                fans.push(Fan::Customer(Box::new(rows::stored(*model, tags)?.customer), account));
            }
            Found::User(model, _) => fans.extend(Fan::from_user(user(*model))),
        }
    }
    Ok(fans)
}

async fn accounts_of(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, Account>, ApiError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::new("SELECT id, avatar_url FROM users WHERE ");
    sql.is_any_id(db, "id", ids);
    let mut accounts = HashMap::new();
    for row in sql.all(db).await? {
        let id: Uuid = row.try_get_by_index(0)?;
        accounts.insert(id, Account { user_id: UserId::new(id), avatar_url: row.try_get_by_index(1)? });
    }
    Ok(accounts)
}

/// One fan: a customer of the store, or an account that is none.
///
/// # Errors
/// When there is none of this id.
pub async fn find(db: &impl ConnectionTrait, store_id: StoreId, id: Uuid) -> Result<Fan, ApiError> {
    let mut sql = Sql::new("SELECT c.* FROM customers c WHERE c.store_id = ");
    sql.bind(store_id.uuid()).push(" AND c.id = ").bind(id);
    let customers: Vec<customers::Model> = sql.models(db).await?;
    let mut sql = Sql::new("SELECT u.* FROM users u WHERE u.id = ");
    sql.bind(id);
    conditions::unlinked(&mut sql, store_id);
    let users: Vec<users::Model> = sql.models(db).await?;
    let position = Position { value: None, arm: Arm::Customers, id };
    let found = customers
        .into_iter()
        .map(|model| Found::Customer(Box::new(model), position.clone()))
        .chain(users.into_iter().map(|model| Found::User(Box::new(model), position.clone())))
        .collect();
    complete(db, store_id, found).await?.pop().ok_or(ApiError::NotFound("fan"))
}
