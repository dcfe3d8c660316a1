//! Bulk writes of customers: rows, tags and search index.

use std::collections::{BTreeMap, BTreeSet};

use fanbase_domain::{ids::StoreId, tag::TagName};
use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;

use super::{
    rows::{self, Stored},
    search_index,
};
use crate::{
    audience::tags,
    db::{
        bulk::{self, OnConflict, Target},
        sql::Sql,
    },
    error::ApiError,
};

/// Ids of tags by their key.
pub type TagIds = BTreeMap<String, Uuid>;

/// Inserts customers with their tags, which are created where missing.
///
/// # Errors
/// [`ApiError::Database`] when a customer exists already, or the database fails.
pub async fn insert(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    created: Vec<Stored>,
) -> Result<(), ApiError> {
    let names = created.iter().flat_map(|stored| &stored.customer.fields.tags).collect();
    let ids = tags::queries::ensure(db, store_id, &names).await?;
    insert_tagged(db, store_id, created, &ids).await
}

/// Inserts customers, with the known ids of all their tags.
///
/// # Errors
/// [`ApiError::Database`] when a customer exists already, or the database fails.
pub async fn insert_tagged(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    mut created: Vec<Stored>,
    ids: &TagIds,
) -> Result<(), ApiError> {
    if created.is_empty() {
        return Ok(());
    }
    let tagged: Vec<(Uuid, BTreeSet<TagName>)> = created
        .iter_mut()
        .map(|stored| (stored.customer.id.uuid(), std::mem::take(&mut stored.customer.fields.tags)))
        .collect();
    let last_row = search_index::last_row(db).await?;
    bulk::insert(db, &rows::CUSTOMERS, Box::new(created.into_iter().map(rows::values))).await?;
    search_index::index_after(db, last_row).await?;
    // New customers cannot have tags yet.
    write_tags(db, &Target { on_conflict: OnConflict::Fail, ..rows::CUSTOMER_TAGS }, store_id, ids, &tagged)
        .await?;
    Ok(())
}

/// Inserts customers without tags whose e-mail addresses were just found to be free.
///
/// # Errors
/// [`ApiError::Overtaken`] when another transaction took one of the e-mail addresses since.
pub async fn insert_new(db: &impl ConnectionTrait, created: Vec<Stored>) -> Result<(), ApiError> {
    if created.is_empty() {
        return Ok(());
    }
    let target = Target {
        on_conflict: OnConflict::Clause("ON CONFLICT (store_id, email_key) DO NOTHING"),
        ..rows::CUSTOMERS
    };
    let last_row = search_index::last_row(db).await?;
    let wanted = u64::try_from(created.len()).unwrap_or(u64::MAX);
    let inserted = bulk::insert(db, &target, Box::new(created.into_iter().map(rows::values))).await?;
    if inserted < wanted {
        return Err(ApiError::Overtaken);
    }
    search_index::index_after(db, last_row).await?;
    Ok(())
}

/// Updates customers, given before and after.
///
/// # Errors
/// [`ApiError::Database`] when the database fails.
pub async fn update(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    updated: &[(Stored, Stored)],
) -> Result<(), ApiError> {
    let both = updated.iter().flat_map(|(before, after)| [before, after]);
    let names = both.flat_map(|stored| &stored.customer.fields.tags).collect();
    let ids = tags::queries::ensure(db, store_id, &names).await?;
    update_tagged(db, store_id, updated, &ids).await
}

/// Updates customers, but keeps the current links to accounts.
///
/// # Errors
/// [`ApiError::Database`] when the database fails.
pub async fn restore(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    restored: &[(Stored, Stored)],
) -> Result<(), ApiError> {
    let both = restored.iter().flat_map(|(before, after)| [before, after]);
    let names = both.flat_map(|stored| &stored.customer.fields.tags).collect();
    let ids = tags::queries::ensure(db, store_id, &names).await?;
    write_rows(db, store_id, restored, &rows::CUSTOMERS_RESTORE).await?;
    write_tag_changes(db, store_id, restored, &ids).await
}

/// Updates customers, with the known ids of all their tags.
///
/// # Errors
/// [`ApiError::Database`] when the database fails.
pub async fn update_tagged(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    updated: &[(Stored, Stored)],
    ids: &TagIds,
) -> Result<(), ApiError> {
    if updated.is_empty() {
        return Ok(());
    }
    write_rows(db, store_id, updated, &rows::CUSTOMERS_UPDATE).await?;
    write_tag_changes(db, store_id, updated, ids).await
}

async fn write_tag_changes(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    updated: &[(Stored, Stored)],
    ids: &TagIds,
) -> Result<(), ApiError> {
    let tags_of = |stored: &Stored| stored.customer.fields.tags.clone();
    // One statement per tag, since an import may remove one from all customers.
    let mut gone: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for (before, after) in updated {
        for tag in &tags_of(before) - &tags_of(after) {
            if let Some(tag) = ids.get(tag.key()) {
                gone.entry(*tag).or_default().push(after.customer.id.uuid());
            }
        }
    }
    for (tag, customers) in &gone {
        let mut sql = Sql::new("DELETE FROM customer_tags WHERE store_id = ");
        sql.bind_store(db, store_id).push(" AND tag_id = ").bind(*tag);
        sql.push(" AND ").is_any_id(db, "customer_id", customers);
        sql.execute(db).await?;
    }
    let new: Vec<(Uuid, BTreeSet<TagName>)> = updated
        .iter()
        .map(|(before, after)| (after.customer.id.uuid(), &tags_of(after) - &tags_of(before)))
        .collect();
    add_tags(db, store_id, ids, &new).await?;
    Ok(())
}

/// Updates the columns that are derived from facts, given before and after. Everything else, such as tags and
/// e-mail addresses, must be unchanged.
///
/// # Errors
/// Returns the error of the database.
pub async fn follow(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    updated: &[(Stored, Stored)],
) -> Result<(), DbErr> {
    write_rows(db, store_id, updated, &rows::CUSTOMERS_FOLLOW).await
}

async fn write_rows(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    updated: &[(Stored, Stored)],
    target: &Target,
) -> Result<(), DbErr> {
    let text = |stored: &Stored| stored.customer.fields.search_text(&stored.customer.email);
    let searchable: Vec<Uuid> = updated
        .iter()
        .filter(|(before, after)| text(before) != text(after))
        .map(|(_, after)| after.customer.id.uuid())
        .collect();
    search_index::forget(db, store_id, &searchable).await?;
    let values = updated.iter().map(|(_, after)| rows::values(after.clone()));
    bulk::update(db, target, Box::new(values)).await?;
    search_index::index(db, store_id, &searchable).await
}

/// Deletes customers with all dependent rows.
///
/// # Errors
/// Returns the error of the database.
pub async fn delete(db: &impl ConnectionTrait, store_id: StoreId, customers: &[Uuid]) -> Result<(), DbErr> {
    if customers.is_empty() {
        return Ok(());
    }
    search_index::forget(db, store_id, customers).await?;
    for table in ["payment_names", "refunds"] {
        let mut sql = Sql::new(&format!("DELETE FROM {table} WHERE store_id = "));
        sql.bind_store(db, store_id).push(" AND payment_id IN (SELECT id FROM payments WHERE store_id = ");
        sql.bind_store(db, store_id).push(" AND ").is_any_id(db, "customer_id", customers).push(")");
        sql.execute(db).await?;
    }
    for (table, column) in [
        ("customer_tags", "customer_id"),
        ("notes", "customer_id"),
        ("activities", "customer_id"),
        ("enrollments", "customer_id"),
        ("purchases", "customer_id"),
        ("payments", "customer_id"),
        ("subscriptions", "customer_id"),
        ("stripe_customers", "customer_id"),
        ("customers", "id"),
    ] {
        let mut sql = Sql::new(&format!("DELETE FROM {table} WHERE store_id = "));
        sql.bind_store(db, store_id).push(" AND ").is_any_id(db, column, customers);
        sql.execute(db).await?;
    }
    Ok(())
}

/// Adds tags to customers.
///
/// # Errors
/// Returns the error of the database.
pub async fn add_tags(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    ids: &TagIds,
    tagged: &[(Uuid, BTreeSet<TagName>)],
) -> Result<(), DbErr> {
    write_tags(db, &rows::CUSTOMER_TAGS, store_id, ids, tagged).await
}

async fn write_tags(
    db: &impl ConnectionTrait,
    target: &Target,
    store_id: StoreId,
    ids: &TagIds,
    tagged: &[(Uuid, BTreeSet<TagName>)],
) -> Result<(), DbErr> {
    let mut pairs = Vec::with_capacity(tagged.len());
    for (customer, tags) in tagged {
        pairs.extend(tags.iter().filter_map(|tag| ids.get(tag.key())).map(|tag| (*customer, *tag)));
    }
    let store: Value = store_id.uuid().into();
    let rows = pairs.into_iter().map(move |(customer, tag)| vec![store.clone(), customer.into(), tag.into()]);
    bulk::insert(db, target, Box::new(rows)).await?;
    Ok(())
}
