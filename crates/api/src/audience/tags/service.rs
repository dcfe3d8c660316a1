//! Creates, renames, merges and deletes tags.

use fanbase_domain::{
    ids::{StoreId, TagId},
    tag::TagName,
    wire::{audit::AuditAction, tags::TagResponse},
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait};
use uuid::Uuid;

use super::queries;
use crate::{
    db::{Db, audit_log::Entry, entities::tags::ActiveModel, sql::Sql, transaction},
    error::ApiError,
};

const TAKEN: ApiError = ApiError::NameTaken("The store has a tag of this name.");

/// All tags of a store by name, with the number of their customers.
///
/// # Errors
/// [`ApiError::Database`] when the database fails.
pub async fn list(db: &impl ConnectionTrait, store_id: StoreId) -> Result<Vec<TagResponse>, ApiError> {
    let mut sql = counted(store_id);
    sql.push(" ORDER BY t.name_key");
    read(db, sql).await
}

/// A tag, with the number of its customers.
///
/// # Errors
/// [`ApiError::NotFound`] when the store has no such tag.
pub async fn find(db: &impl ConnectionTrait, store_id: StoreId, id: TagId) -> Result<TagResponse, ApiError> {
    let mut sql = counted(store_id);
    sql.push(" AND t.id = ").bind(id.uuid());
    read(db, sql).await?.pop().ok_or(ApiError::NotFound("tag"))
}

fn counted(store_id: StoreId) -> Sql {
    let mut sql = Sql::new(
        "SELECT t.id, t.name, (SELECT COUNT(*) FROM customer_tags ct
            WHERE ct.store_id = t.store_id AND ct.tag_id = t.id) FROM tags t WHERE t.store_id = ",
    );
    sql.bind(store_id.uuid());
    sql
}

async fn read(db: &impl ConnectionTrait, sql: Sql) -> Result<Vec<TagResponse>, ApiError> {
    let mut tags = Vec::new();
    for row in sql.all(db).await? {
        let customers: i64 = row.try_get_by_index(2)?;
        tags.push(TagResponse {
            id: TagId::new(row.try_get_by_index(0)?),
            name: row.try_get_by_index(1)?,
            customers: u64::try_from(customers).unwrap_or(0),
        });
    }
    Ok(tags)
}

/// Creates a tag.
///
/// # Errors
/// [`ApiError::NameTaken`] when the store has a tag of this name.
pub async fn create(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    name: &TagName,
) -> Result<TagResponse, ApiError> {
    let tag = ActiveModel {
        store_id: Set(store_id.uuid()),
        id: Set(Uuid::now_v7()),
        name: Set(name.name().to_owned()),
        name_key: Set(name.key().to_owned()),
        import_id: Set(None),
    };
    let tag = tag.insert(db).await.map_err(|error| ApiError::on_unique(error, TAKEN))?;
    let tag = TagResponse { id: TagId::new(tag.id), name: tag.name, customers: 0 };
    let entry = Entry::of_store(store_id, AuditAction::TagCreated).to(tag.id.uuid());
    entry.after(&tag)?.record(db).await?;
    Ok(tag)
}

/// Renames a tag.
///
/// # Errors
/// [`ApiError::NotFound`], or [`ApiError::NameTaken`] when another tag has the name.
pub async fn rename(db: &Db, store_id: StoreId, id: TagId, name: &TagName) -> Result<TagResponse, ApiError> {
    transaction::write(db, |tx| {
        let name = name.clone();
        Box::pin(async move {
            let before = find(tx, store_id, id).await?;
            // A renamed tag is in use: the undo of the import that created it must not delete it.
            let mut sql = Sql::new("UPDATE tags SET import_id = NULL, name = ");
            sql.bind(name.name()).push(", name_key = ").bind(name.key());
            sql.push(" WHERE store_id = ").bind(store_id.uuid()).push(" AND id = ").bind(id.uuid());
            let outcome = sql.execute(tx).await.map_err(|error| ApiError::on_unique(error, TAKEN))?;
            if outcome.rows_affected() == 0 {
                return Err(ApiError::NotFound("tag"));
            }
            let after = find(tx, store_id, id).await?;
            let entry = Entry::of_store(store_id, AuditAction::TagUpdated).to(id.uuid());
            entry.changed(&before, &after)?.record(tx).await?;
            Ok(after)
        })
    })
    .await
}

/// Merges a tag into another: its customers get the other tag instead.
///
/// # Errors
/// [`ApiError::NotFound`] when the tag does not exist, [`ApiError::Validation`] when the other does not.
pub async fn merge(db: &Db, store_id: StoreId, from: TagId, into: TagId) -> Result<TagResponse, ApiError> {
    transaction::write(db, |tx| {
        Box::pin(async move {
            let held = queries::hold(tx, store_id, &[from, into]).await?;
            if !held.contains(&from) {
                return Err(ApiError::NotFound("tag"));
            }
            if !held.contains(&into) {
                return Err(ApiError::parameter("/into", "unknown", "The store has no such tag."));
            }
            let merged = find(tx, store_id, from).await?;
            let mut sql = Sql::new(
                "INSERT INTO customer_tags (store_id, customer_id, tag_id) SELECT store_id, customer_id, ",
            );
            sql.bind(into.uuid()).push(" FROM customer_tags WHERE store_id = ").bind(store_id.uuid());
            sql.push(" AND tag_id = ").bind(from.uuid()).push(" ON CONFLICT DO NOTHING");
            sql.execute(tx).await?;
            for (table, column) in [("customer_tags", "tag_id"), ("tags", "id")] {
                let mut sql = Sql::new(&format!("DELETE FROM {table} WHERE store_id = "));
                sql.bind(store_id.uuid()).push(&format!(" AND {column} = ")).bind(from.uuid());
                sql.execute(tx).await?;
            }
            let after = find(tx, store_id, into).await?;
            let entry = Entry::of_store(store_id, AuditAction::TagMerged).to(from.uuid());
            entry.before(&merged)?.after(&after)?.record(tx).await?;
            Ok(after)
        })
    })
    .await
}

/// Deletes a tag, and removes it from all customers.
///
/// # Errors
/// [`ApiError::NotFound`] when the store has no such tag.
pub async fn delete(db: &Db, store_id: StoreId, id: TagId) -> Result<(), ApiError> {
    transaction::write(db, |tx| {
        Box::pin(async move {
            if queries::hold(tx, store_id, &[id]).await?.is_empty() {
                return Err(ApiError::NotFound("tag"));
            }
            let deleted = find(tx, store_id, id).await?;
            let mut sql = Sql::new("DELETE FROM customer_tags WHERE store_id = ");
            sql.bind(store_id.uuid()).push(" AND tag_id = ").bind(id.uuid());
            sql.execute(tx).await?;
            let mut sql = Sql::new("DELETE FROM tags WHERE store_id = ");
            sql.bind(store_id.uuid()).push(" AND id = ").bind(id.uuid());
            sql.execute(tx).await?;
            let entry = Entry::of_store(store_id, AuditAction::TagDeleted).to(id.uuid());
            entry.before(&deleted)?.record(tx).await
        })
    })
    .await
}
