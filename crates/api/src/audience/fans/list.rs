//! A page of fans by keyset pagination: the union of two branches, customers and accounts, each read in the
//! order of the list from the cursor, then merged.

use std::cmp::Ordering;

use fanbase_domain::{
    fan::{Account, Fan},
    filter::FanFilter,
    ids::{StoreId, UserId},
    page::{Arm, Bound, Cursor, Phase, Position, Sort, SortColumn, SortValue, Step, bound},
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, QueryResult};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    access_path::Plans,
    conditions,
    order::{Order, phases},
};
use crate::{
    audience::customers::rows,
    db::{
        entities::{
            customers,
            users::{self, user},
        },
        is_sqlite,
        json_rows::{AtOnce, array_of},
        sql::Sql,
    },
    error::ApiError,
};

/// The request of a page.
#[derive(Clone, Debug)]
pub struct Query<'a> {
    /// The store.
    pub store_id: StoreId,
    /// The filter.
    pub filter: &'a FanFilter,
    /// The order.
    pub sort: Sort,
    /// The position; `None` for the start of the list.
    pub cursor: Option<&'a Cursor>,
    /// The page size.
    pub limit: u64,
}

/// Fans in the order of the list, and whether there are more in the direction that was read.
#[derive(Clone, Debug)]
pub struct Fans {
    /// The fans.
    pub items: Vec<Fan>,
    /// Whether there are more.
    pub more: bool,
}

/// Reads a page. `db` must be a snapshot, since all statements have to see the same state.
///
/// # Errors
/// [`ApiError::Database`] when the database fails.
pub async fn read(db: &impl ConnectionTrait, plans: &Plans, query: &Query<'_>) -> Result<Fans, ApiError> {
    let reader = Reader::new(db, plans, query, What::Fans);
    let (found, more) = reader.page().await?;
    let mut items = Vec::with_capacity(found.len());
    for row in found {
        items.extend(fan(row)?);
    }
    Ok(Fans { items, more })
}

/// The positions of a page, without reading the fans.
///
/// # Errors
/// [`ApiError::Database`] when the database fails.
pub async fn positions(
    db: &impl ConnectionTrait,
    plans: &Plans,
    query: &Query<'_>,
) -> Result<Vec<Position>, ApiError> {
    let (found, _) = Reader::new(db, plans, query, What::Positions).page().await?;
    Ok(found.into_iter().map(|row| row.position).collect())
}

/// The columns to read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Fans,
    Positions,
}

/// A row of either branch, with its position in the list.
struct Found {
    position: Position,
    row: Row,
}

enum Row {
    Customer(Box<Read>),
    User(Box<users::Model>),
    /// Only the position was read.
    Nothing,
}

/// A customer, with its account's picture, and its tags' names as a JSON list.
#[derive(Deserialize)]
struct Read {
    model: customers::Model,
    tag_names: Option<String>,
    avatar_url: Option<String>,
}

impl FromQueryResult for Read {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            model: customers::Model::from_query_result(row, prefix)?,
            tag_names: row.try_get(prefix, "tag_names")?,
            avatar_url: row.try_get(prefix, "avatar_url")?,
        })
    }
}

impl AtOnce for Read {
    fn json() -> String {
        format!("json_array({}, page.tag_names, page.avatar_url)", array_of::<customers::Entity>())
    }
}

impl AtOnce for users::Model {
    fn json() -> String {
        array_of::<users::Entity>()
    }
}

/// The columns of a [`Read`], of the customers `c`. Subqueries read tags and pictures, since on SQLite a row
/// of a second statement would cost as much as the customer's row.
fn columns(db: &impl ConnectionTrait) -> String {
    // Not a join, which takes PostgreSQL longer to plan than to run.
    let name = "(SELECT t.name FROM tags t WHERE t.store_id = ct.store_id AND t.id = ct.tag_id)";
    let names = if is_sqlite(db) {
        format!("json_group_array({name})")
    } else {
        format!("CAST(json_agg({name}) AS TEXT)")
    };
    format!(
        "c.*, (SELECT {names} FROM customer_tags ct
               WHERE ct.store_id = c.store_id AND ct.customer_id = c.id) AS tag_names,
         (SELECT a.avatar_url FROM users a WHERE a.id = c.user_id) AS avatar_url"
    )
}

/// Reads both branches of a query.
struct Reader<'a, C> {
    db: &'a C,
    plans: &'a Plans,
    query: &'a Query<'a>,
    what: What,
    backwards: bool,
}

impl<'a, C: ConnectionTrait> Reader<'a, C> {
    fn new(db: &'a C, plans: &'a Plans, query: &'a Query<'a>, what: What) -> Self {
        let backwards = query.cursor.is_some_and(|cursor| cursor.step == Step::Previous);
        Self { db, plans, query, what, backwards }
    }

    /// The rows of the page in order, and whether there are more.
    async fn page(&self) -> Result<(Vec<Found>, bool), ApiError> {
        let wanted = usize::try_from(self.query.limit).unwrap_or(usize::MAX) + 1;
        let mut phases = phases(self.query.sort.column).to_vec();
        if self.backwards {
            phases.reverse();
        }
        let mut found: Vec<Found> = Vec::new();
        for phase in phases {
            if found.len() < wanted {
                let missing = wanted - found.len();
                found.extend(self.phase(phase, missing).await?);
            }
        }
        let more = found.len() >= wanted;
        found.truncate(wanted - 1);
        if self.backwards {
            found.reverse();
        }
        Ok((found, more))
    }

    async fn phase(&self, phase: Phase, wanted: usize) -> Result<Vec<Found>, ApiError> {
        let customers = if self.query.filter.admits_customers() {
            self.customers(phase, wanted).await?
        } else {
            Vec::new()
        };
        let users = if self.query.filter.admits_users() {
            // Accounts after the last customer of a full page cannot be on the page.
            let last = customers.last().filter(|_| customers.len() == wanted);
            self.users(phase, last.map(|row| &row.position), wanted).await?
        } else {
            Vec::new()
        };
        Ok(merge(customers, users, self.query.sort, self.backwards, wanted))
    }

    async fn customers(&self, phase: Phase, wanted: usize) -> Result<Vec<Found>, ApiError> {
        let Query { store_id, filter, sort, cursor, .. } = *self.query;
        let bound = bound(cursor, phase, Arm::Customers);
        if bound == Bound::Nothing {
            return Ok(Vec::new());
        }
        let plan = self.plans.of_customers(self.db, store_id, filter).await?;
        let order = Order::new(Arm::Customers, sort, self.backwards);
        let mut sql = Sql::new("SELECT ");
        match self.what {
            What::Fans => sql.push(&columns(self.db)),
            What::Positions => sql.push(&order.position()),
        };
        sql.push(" FROM ");
        if plan.is_unordered() {
            // Only ids are sorted; the rows of the page are read afterwards.
            sql.push("(SELECT c.id FROM ");
        }
        plan.customers(&mut sql, self.db, store_id, filter);
        order.phase(&mut sql, phase);
        order.bound(&mut sql, &bound);
        conditions::of_customers(&mut sql, self.db, plan, store_id, filter);
        order.order_by(&mut sql, self.db, plan.is_unordered());
        sql.push(&format!(" LIMIT {wanted}"));
        if plan.is_unordered() {
            sql.push(") AS page CROSS JOIN customers c WHERE c.id = page.id AND c.store_id = ");
            sql.bind(store_id.uuid());
            order.order_by(&mut sql, self.db, true);
        }
        if self.what == What::Positions {
            return self.positions(sql, Arm::Customers).await;
        }
        let found = sql.at_once::<Read>(self.db).await?.into_iter().map(|read| {
            let value = customer_value(&read.model, sort.column);
            let position = Position { value, arm: Arm::Customers, id: read.model.id };
            Found { position, row: Row::Customer(Box::new(read)) }
        });
        Ok(found.collect())
    }

    async fn users(
        &self,
        phase: Phase,
        last: Option<&Position>,
        wanted: usize,
    ) -> Result<Vec<Found>, ApiError> {
        let Query { store_id, filter, sort, cursor, .. } = *self.query;
        let bound = bound(cursor, phase, Arm::Users);
        let order = Order::new(Arm::Users, sort, self.backwards);
        if bound == Bound::Nothing || (order.column.is_none() && phase == Phase::Valued) {
            return Ok(Vec::new());
        }
        let plan = self.plans.of_users(self.db, filter).await?;
        let mut sql = Sql::new("SELECT ");
        match self.what {
            What::Fans => sql.push("u.*"),
            What::Positions => sql.push(&order.position()),
        };
        sql.push(" FROM ");
        plan.users(&mut sql, self.db, filter);
        order.phase(&mut sql, phase);
        order.bound(&mut sql, &bound);
        if let Some(last) = last {
            order.up_to(&mut sql, last);
        }
        conditions::of_users(&mut sql, self.db, plan, filter);
        conditions::unlinked(&mut sql, store_id);
        order.order_by(&mut sql, self.db, plan.is_unordered());
        sql.push(&format!(" LIMIT {wanted}"));
        if self.what == What::Positions {
            return self.positions(sql, Arm::Users).await;
        }
        let found = sql.at_once::<users::Model>(self.db).await?.into_iter().map(|model| {
            let value = user_value(&model, sort.column);
            let position = Position { value, arm: Arm::Users, id: model.id };
            Found { position, row: Row::User(Box::new(model)) }
        });
        Ok(found.collect())
    }

    async fn positions(&self, sql: Sql, arm: Arm) -> Result<Vec<Found>, ApiError> {
        let column = self.query.sort.column;
        let found = |row: &QueryResult| -> Result<Found, DbErr> {
            let value = match column {
                SortColumn::Name | SortColumn::Email => {
                    row.try_get_by_index::<Option<String>>(1)?.map(SortValue::Text)
                }
                _ => row.try_get_by_index::<Option<i64>>(1)?.map(SortValue::Int),
            };
            // 0 counts as no value: `total_spent` is never negative.
            let value = value.filter(|value| column != SortColumn::TotalSpent || *value != SortValue::Int(0));
            let position = Position { value, arm, id: row.try_get_by_index(0)? };
            Ok(Found { position, row: Row::Nothing })
        };
        Ok(sql.all(self.db).await?.iter().map(found).collect::<Result<_, _>>()?)
    }
}

fn merge(a: Vec<Found>, b: Vec<Found>, sort: Sort, backwards: bool, wanted: usize) -> Vec<Found> {
    let mut merged = Vec::with_capacity(wanted);
    let (mut a, mut b) = (a.into_iter().peekable(), b.into_iter().peekable());
    while merged.len() < wanted {
        let ordering = match (a.peek(), b.peek()) {
            (Some(a), Some(b)) => sort.compare(&a.position, &b.position),
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

/// Converts a row.
fn fan(found: Found) -> Result<Option<Fan>, DbErr> {
    Ok(match found.row {
        Row::Customer(read) => Some(customer(*read)?),
        Row::User(model) => Fan::from_user(user(*model)),
        Row::Nothing => None,
    })
}

fn customer(read: Read) -> Result<Fan, DbErr> {
    let Read { model, tag_names, avatar_url } = read;
    let account = model.user_id.map(|id| Account { user_id: UserId::new(id), avatar_url });
    let tags = rows::tags(tag_names.as_deref())?;
    Ok(Fan::Customer(Box::new(rows::stored(model, tags)?.customer), account))
}

/// A single fan: a customer of the store, or an account that is not linked to one.
///
/// # Errors
/// [`ApiError::NotFound`] when the store has no such fan.
pub async fn find(db: &impl ConnectionTrait, store_id: StoreId, id: Uuid) -> Result<Fan, ApiError> {
    let mut sql = Sql::new("SELECT ");
    sql.push(&columns(db)).push(" FROM customers c WHERE c.store_id = ").bind_store(db, store_id);
    sql.push(" AND c.id = ").bind(id);
    let customers: Vec<Read> = sql.models(db).await?;
    let mut sql = Sql::new("SELECT u.* FROM users u WHERE u.id = ");
    sql.bind(id);
    conditions::unlinked(&mut sql, store_id);
    let users: Vec<users::Model> = sql.models(db).await?;
    let fan = match (customers.into_iter().next(), users.into_iter().next()) {
        (Some(read), _) => Some(customer(read)?),
        (None, model) => model.and_then(|model| Fan::from_user(user(model))),
    };
    fan.ok_or(ApiError::NotFound("fan"))
}
