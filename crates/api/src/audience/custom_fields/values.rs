//! Values of custom fields, stored as JSON text in `customers.attributes`.

use std::collections::BTreeSet;

use fanbase_domain::ids::StoreId;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::db::{is_sqlite, sql::Sql};

/// Customers per statement when values are removed.
const BATCH: usize = 2_000;

/// Those of the fields that have values, by a scan of the store's customers.
///
/// # Errors
/// Returns the error of the database.
pub async fn used(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    keys: &[&str],
) -> Result<BTreeSet<String>, DbErr> {
    if keys.is_empty() {
        return Ok(BTreeSet::new());
    }
    let each = match is_sqlite(db) {
        true => "json_each(c.attributes) AS field",
        false => "jsonb_object_keys(c.attributes::jsonb) AS field (key)",
    };
    let mut sql = Sql::new(&format!("SELECT DISTINCT field.key FROM customers c CROSS JOIN {each} WHERE "));
    sql.push("c.store_id = ").bind(store_id.uuid()).push(" AND c.attributes <> '{}' AND ");
    sql.is_any(db, "field.key", keys);
    sql.all(db).await?.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// The number of customers with a value in a field.
///
/// # Errors
/// Returns the error of the database.
pub async fn count(db: &impl ConnectionTrait, store_id: StoreId, key: &str) -> Result<u64, DbErr> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM customers c WHERE c.store_id = ");
    has_value(sql.bind(store_id.uuid()), db, key);
    Ok(u64::try_from(sql.number(db).await?).unwrap_or(0))
}

/// Removes a field's values from a batch of customers after the given id, in the order of ids. Returns their
/// number and the last id; `None` if there are no more values.
///
/// # Errors
/// Returns the error of the database.
pub async fn remove(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    key: &str,
    after: Uuid,
) -> Result<Option<(u64, Uuid)>, DbErr> {
    let mut sql = Sql::new("SELECT c.id FROM customers c WHERE c.store_id = ");
    sql.bind(store_id.uuid()).push(" AND c.id > ").bind(after);
    has_value(&mut sql, db, key).push(&format!(" ORDER BY c.id LIMIT {BATCH}"));
    if !is_sqlite(db) {
        sql.push(" FOR UPDATE");
    }
    let rows = sql.all(db).await?;
    let ids = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<Uuid>, _>>()?;
    let Some(last) = ids.last().copied() else { return Ok(None) };
    let mut sql = Sql::new("UPDATE customers SET version = version + 1, attributes = ");
    match is_sqlite(db) {
        true => sql.push("json_remove(attributes, ").bind(path(key)).push(")"),
        false => sql.push("(attributes::jsonb - ").bind(key).push("::text)::text"),
    };
    sql.push(" WHERE store_id = ").bind(store_id.uuid()).push(" AND ").is_any_id(db, "id", &ids);
    sql.execute(db).await?;
    Ok(Some((ids.len() as u64, last)))
}

fn has_value<'a>(sql: &'a mut Sql, db: &impl ConnectionTrait, key: &str) -> &'a mut Sql {
    sql.push(" AND c.attributes <> '{}' AND ");
    match is_sqlite(db) {
        true => sql.push("json_type(c.attributes, ").bind(path(key)).push(") IS NOT NULL"),
        false => sql.push("jsonb_exists(c.attributes::jsonb, ").bind(key).push(")"),
    }
}

/// The JSON path of a key, for SQLite. Keys consist of letters, digits and `_`.
fn path(key: &str) -> String {
    format!("$.\"{key}\"")
}
