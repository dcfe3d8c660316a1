//! Keyset pagination of a customer's rows, newest first.

use fanbase_domain::{
    ids::{CustomerId, StoreId},
    wire::page::Page,
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use uuid::Uuid;

use super::service;
use crate::{db::sql::Sql, error::ApiError};

/// Rows per page.
const PAGE: usize = 50;

/// A paginated table.
#[derive(Clone, Copy, Debug)]
pub struct List {
    /// The table.
    pub table: &'static str,
    /// The timestamp column that is the sort key; rows without it are not listed.
    pub at: &'static str,
    /// The selected columns, as SQL in which `{store}` stands for the store's id.
    pub columns: &'static str,
}

/// A page of a customer's rows. `only` appends further conditions, each after ` AND`; `read` maps a row to an
/// item.
///
/// # Errors
/// [`ApiError::NotFound`] when the store has no such customer, [`ApiError::InvalidCursor`] when the cursor is
/// malformed.
pub async fn read<T>(
    db: &impl ConnectionTrait,
    list: List,
    (store_id, customer): (StoreId, CustomerId),
    cursor: Option<&str>,
    only: impl FnOnce(&mut Sql),
    read: impl Fn(&QueryResult) -> Result<T, DbErr>,
) -> Result<Page<T>, ApiError> {
    service::find(db, store_id, customer).await?;
    let List { table, at, columns } = list;
    let mut sql = Sql::new("SELECT ");
    sql.push_in_store(columns, store_id);
    sql.push(&format!(", {at} AS listed_at FROM {table} WHERE store_id = "));
    sql.bind(store_id.uuid()).push(" AND customer_id = ").bind(customer.uuid());
    sql.push(&format!(" AND {at} IS NOT NULL"));
    only(&mut sql);
    if let Some(cursor) = cursor {
        let (before, id) = read_cursor(cursor).ok_or(ApiError::InvalidCursor)?;
        sql.push(&format!(" AND ({at}, id) < (")).bind(before).push(", ").bind(id).push(")");
    }
    sql.push(&format!(" ORDER BY {at} DESC, id DESC LIMIT {}", PAGE + 1));
    let mut rows = sql.all(db).await?;
    let has_more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next_cursor = match rows.last().filter(|_| has_more) {
        Some(last) => {
            let (at, id): (i64, Uuid) = (last.try_get("", "listed_at")?, last.try_get("", "id")?);
            Some(format!("{at}.{}", id.simple()))
        }
        None => None,
    };
    let items = rows.iter().map(read).collect::<Result<_, _>>()?;
    Ok(Page { items, next_cursor, prev_cursor: None })
}

/// Parses a cursor. It needs no signature, since the path determines the customer.
fn read_cursor(text: &str) -> Option<(i64, Uuid)> {
    let (at, id) = text.split_once('.')?;
    Some((at.parse().ok()?, Uuid::parse_str(id).ok()?))
}
