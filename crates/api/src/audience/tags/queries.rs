//! SQL of tags.

use std::collections::{BTreeMap, BTreeSet};

use fanbase_domain::{
    ids::{StoreId, TagId},
    tag::TagName,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, Value};
use uuid::Uuid;

use crate::db::{
    bulk::{self, OnConflict, Target, Type},
    is_sqlite,
    sql::Sql,
};

const TAGS: Target = Target {
    table: "tags",
    columns: &[
        ("store_id", Type::Uuid),
        ("id", Type::Uuid),
        ("name", Type::Text),
        ("name_key", Type::Text),
        ("import_id", Type::Uuid),
    ],
    on_conflict: OnConflict::Clause("ON CONFLICT (store_id, name_key) DO NOTHING"),
};

/// The ids of tags by their key; missing tags are created.
///
/// # Errors
/// Returns the error of the database.
pub async fn ensure(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    names: &BTreeSet<&TagName>,
) -> Result<BTreeMap<String, Uuid>, DbErr> {
    ensure_of_import(db, store_id, names, None).await
}

/// The ids of tags by their key; missing tags are created and marked with the import.
///
/// # Errors
/// Returns the error of the database.
pub async fn ensure_of_import(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    names: &BTreeSet<&TagName>,
    import_id: Option<Uuid>,
) -> Result<BTreeMap<String, Uuid>, DbErr> {
    let mut ids = find(db, store_id, names).await?;
    let missing: Vec<Vec<Value>> = names
        .iter()
        .filter(|tag| !ids.contains_key(tag.key()))
        .map(|tag| {
            let id = Uuid::now_v7();
            vec![store_id.uuid().into(), id.into(), tag.name().into(), tag.key().into(), import_id.into()]
        })
        .collect();
    if !missing.is_empty() {
        bulk::insert(db, &TAGS, Box::new(missing.into_iter())).await?;
        ids = find(db, store_id, names).await?;
    }
    Ok(ids)
}

/// The ids of existing tags by their key. On PostgreSQL, they are locked (shared) until the transaction ends,
/// so that a concurrent merge cannot remove a tag that is being assigned: see [`hold`].
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
    if !is_sqlite(db) {
        // In a fixed order, to avoid deadlocks.
        sql.push(" ORDER BY id FOR SHARE");
    }
    sql.all(db).await?.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Locks those of the tags that exist until the transaction ends, and returns them. Other transactions cannot
/// assign, rename or delete them meanwhile.
///
/// # Errors
/// Returns the error of the database.
pub async fn hold(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    tags: &[TagId],
) -> Result<BTreeSet<TagId>, DbErr> {
    let ids: Vec<Uuid> = tags.iter().map(|tag| tag.uuid()).collect();
    let mut sql = Sql::new("SELECT id FROM tags WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND ").is_any_id(tx, "id", &ids);
    if !is_sqlite(tx) {
        sql.push(" ORDER BY id FOR UPDATE");
    }
    sql.all(tx).await?.iter().map(|row| Ok(TagId::new(row.try_get_by_index(0)?))).collect()
}

/// Deletes the tags that an import created and that no customer has.
///
/// # Errors
/// Returns the error of the database.
pub async fn forget_unused(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    import_id: Uuid,
) -> Result<(), DbErr> {
    let mut sql = Sql::new("SELECT id FROM tags WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND import_id = ").bind(import_id);
    let made = sql.all(tx).await?;
    let made =
        made.iter().map(|row| Ok(TagId::new(row.try_get_by_index(0)?))).collect::<Result<Vec<_>, DbErr>>()?;
    // The lock prevents an assignment between the look-up and the deletion.
    let held: Vec<Uuid> = hold(tx, store_id, &made).await?.into_iter().map(TagId::uuid).collect();
    let mut sql = Sql::new("DELETE FROM tags WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND ").is_any_id(tx, "id", &held);
    sql.push(
        " AND NOT EXISTS (SELECT 1 FROM customer_tags ct WHERE ct.store_id = tags.store_id AND ct.tag_id = tags.id)",
    );
    sql.execute(tx).await?;
    Ok(())
}
