//! SQL of tags.

use std::collections::{BTreeMap, BTreeSet};

use fanbase_domain::{ids::StoreId, tag::TagName};
use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;

use crate::db::{
    bulk::{self, Target, Type},
    sql::Sql,
};

const TAGS: Target = Target {
    table: "tags",
    columns: &[("store_id", Type::Uuid), ("id", Type::Uuid), ("name", Type::Text), ("name_key", Type::Text)],
    on_conflict: "ON CONFLICT (store_id, name_key) DO NOTHING",
};

/// The ids of tags by their key; those that do not exist are made.
///
/// # Errors
/// Returns the error of the database.
pub async fn ensure(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    names: &BTreeSet<&TagName>,
) -> Result<BTreeMap<String, Uuid>, DbErr> {
    let mut ids = find(db, store_id, names).await?;
    let missing: Vec<Vec<Value>> = names
        .iter()
        .filter(|tag| !ids.contains_key(tag.key()))
        .map(|tag| vec![store_id.uuid().into(), Uuid::now_v7().into(), tag.name().into(), tag.key().into()])
        .collect();
    if !missing.is_empty() {
        bulk::insert(db, &TAGS, Box::new(missing.into_iter())).await?;
        ids = find(db, store_id, names).await?;
    }
    Ok(ids)
}

/// The ids of those tags that exist, by their key.
///
/// # Errors
/// Returns the error of the database.
pub async fn find(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    names: &BTreeSet<&TagName>,
) -> Result<BTreeMap<String, Uuid>, DbErr> {
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let keys: Vec<&str> = names.iter().map(|tag| tag.key()).collect();
    let mut sql = Sql::new("SELECT name_key, id FROM tags WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND ").is_any(db, "name_key", &keys);
    sql.all(db).await?.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}
