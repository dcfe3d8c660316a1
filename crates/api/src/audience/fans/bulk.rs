//! Bulk changes of fans: finds the matching customers, then changes them in batches, each in its own
//! transaction, so that other writers do not wait for long.

use std::collections::{BTreeSet, HashMap};

use fanbase_domain::{
    filter::FanFilter,
    ids::{StoreId, UserId},
    tag::TagName,
    wire::{
        activities::ActivityKind,
        audit::AuditAction,
        bulk::{Bulk, BulkAction, BulkChange, BulkResponse},
    },
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::{
    access_path::{Plan, Plans},
    conditions, filtered_counts,
    service::snapshot,
};
use crate::{
    audience::{
        counters::CountDelta,
        customers::{rows, writes},
        links,
        privacy::erasure,
        tags, timeline,
    },
    clock,
    db::{
        Db,
        audit_log::Entry,
        entities::customers,
        is_sqlite,
        sql::{Each, Sql, Values},
        transaction,
    },
    error::ApiError,
};

/// Customers per transaction.
const BATCH: usize = 2_000;
/// Ids of deleted customers per audit entry.
const IDS_OF_LINE: usize = 200;

/// Changes all customers that match a filter, or those of them in the list of ids.
///
/// # Errors
/// [`ApiError::Conflict`] when far more fans match than the user saw; nothing was changed then.
pub async fn run(
    db: &Db,
    plans: &Plans,
    store_id: StoreId,
    filter: &FanFilter,
    bulk: &Bulk,
) -> Result<BulkResponse, ApiError> {
    let named: Option<Vec<Uuid>> = bulk.ids.as_ref().map(|ids| ids.iter().map(|id| id.uuid()).collect());
    let snapshot = snapshot(db).await?;
    let customers = find_customers(&snapshot, plans, store_id, filter, named.as_deref()).await?;
    let skipped_accounts = count_accounts(&snapshot, store_id, filter, named.as_deref()).await?;
    drop(snapshot);
    let matched = customers.len() as u64 + skipped_accounts;
    if bulk.is_more_than_seen(matched) {
        return Err(ApiError::Conflict(
            "Far more fans match now than you saw. Look at the list again before you change them all.",
        ));
    }
    let mut changed = 0;
    for batch in customers.chunks(BATCH) {
        changed += transaction::write(db, |tx| {
            let (filter, change) = (filter.clone(), bulk.change.clone());
            let batch = batch.to_vec();
            Box::pin(async move {
                // Re-checks the filter under a lock: only customers that still match are changed.
                lock(tx, store_id, &batch).await?;
                let batch = find_customers(tx, &Plans::default(), store_id, &filter, Some(&batch)).await?;
                let changed = match &change {
                    BulkChange::Tag(names) => tag(tx, store_id, &batch, names).await?,
                    BulkChange::Untag(names) => untag(tx, store_id, &batch, names).await?,
                    BulkChange::Delete => delete(tx, store_id, &batch).await?,
                };
                log(tx, store_id, &change, &batch, changed).await?;
                Ok(changed)
            })
        })
        .await?;
    }
    let unchanged = customers.len() as u64 - changed;
    Ok(BulkResponse { matched, changed, unchanged, skipped_accounts })
}

/// Records a batch in the audit log. For tags, only the number of customers is recorded, since tags and
/// timelines show the customers; for deletions, the ids, in several entries.
async fn log(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    change: &BulkChange,
    batch: &[Uuid],
    changed: u64,
) -> Result<(), ApiError> {
    let entry =
        |summary: &serde_json::Value| Entry::of_store(store_id, AuditAction::FansChanged).after(summary);
    let entries: Vec<Entry> = match change {
        BulkChange::Delete => {
            let summaries = batch.chunks(IDS_OF_LINE).map(|ids| {
                let mut summary = summary(change, ids.len() as u64);
                summary["ids"] = json!(ids);
                summary
            });
            summaries.map(|summary| entry(&summary)).collect::<Result<_, _>>()?
        }
        BulkChange::Tag(_) | BulkChange::Untag(_) if changed > 0 => vec![entry(&summary(change, changed))?],
        BulkChange::Tag(_) | BulkChange::Untag(_) => Vec::new(),
    };
    Entry::record_all(entries, tx).await
}

/// The recorded summary of a batch.
fn summary(change: &BulkChange, changed: u64) -> serde_json::Value {
    let (action, tags) = match change {
        BulkChange::Tag(names) => (BulkAction::Tag, Some(names)),
        BulkChange::Untag(names) => (BulkAction::Untag, Some(names)),
        BulkChange::Delete => (BulkAction::Delete, None),
    };
    let tags: Vec<&str> = tags.into_iter().flatten().map(TagName::name).collect();
    json!({ "action": action, "tags": tags, "customers": changed })
}

async fn find_customers(
    db: &impl ConnectionTrait,
    plans: &Plans,
    store_id: StoreId,
    filter: &FanFilter,
    named: Option<&[Uuid]>,
) -> Result<Vec<Uuid>, ApiError> {
    if !filter.admits_customers() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT c.id FROM ");
    let plan = match named {
        Some(_) => Plan::Walk,
        None => plans.of_customers(db, store_id, filter).await?,
    };
    plan.customers(&mut sql, db, store_id, filter);
    if let Some(ids) = named {
        sql.push(" AND ").is_any_id(db, "c.id", ids);
    }
    conditions::of_customers(&mut sql, db, plan, store_id, filter);
    Ok(sql.all(db).await?.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

async fn count_accounts(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    filter: &FanFilter,
    named: Option<&[Uuid]>,
) -> Result<u64, ApiError> {
    if !filter.admits_users() {
        return Ok(0);
    }
    let Some(ids) = named else {
        return filtered_counts::count_users(db, store_id, filter).await;
    };
    let mut sql = Sql::new("SELECT COUNT(*) FROM users u WHERE ");
    sql.is_any_id(db, "u.id", ids);
    conditions::of_users(&mut sql, db, Plan::Walk, filter);
    conditions::unlinked(&mut sql, store_id);
    Ok(u64::try_from(sql.number(db).await?).unwrap_or(0))
}

async fn tag(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    batch: &[Uuid],
    names: &BTreeSet<TagName>,
) -> Result<u64, ApiError> {
    let known = lock_with_tags(tx, store_id, batch).await?;
    let missing: Vec<(Uuid, BTreeSet<TagName>)> = known
        .into_iter()
        .map(|(customer, tags)| (customer, names - &tags))
        .filter(|(_, tags)| !tags.is_empty())
        .collect();
    let ids = tags::queries::ensure(tx, store_id, &names.iter().collect()).await?;
    writes::add_tags(tx, store_id, &ids, &missing).await?;
    note_tags_changed(tx, store_id, &missing.into_iter().map(|(customer, _)| customer).collect::<Vec<_>>())
        .await
}

async fn untag(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    batch: &[Uuid],
    names: &BTreeSet<TagName>,
) -> Result<u64, ApiError> {
    let known = lock_with_tags(tx, store_id, batch).await?;
    let having = |tags: &BTreeSet<TagName>| names.iter().any(|name| tags.contains(name));
    let customers: Vec<Uuid> =
        known.into_iter().filter(|(_, tags)| having(tags)).map(|(customer, _)| customer).collect();
    let ids: Vec<Uuid> =
        tags::queries::find(tx, store_id, &names.iter().collect()).await?.into_values().collect();
    let mut sql = Sql::new("DELETE FROM customer_tags WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND ").is_any_id(tx, "customer_id", &customers);
    sql.push(" AND ").is_any_id(tx, "tag_id", &ids);
    sql.execute(tx).await?;
    note_tags_changed(tx, store_id, &customers).await
}

/// Locks customers until the transaction ends, and reads their tags.
async fn lock_with_tags(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    batch: &[Uuid],
) -> Result<HashMap<Uuid, BTreeSet<TagName>>, DbErr> {
    let mut sql = Sql::new("SELECT customers.id FROM ");
    sql.each(tx, &locked(store_id, batch));
    let ids: Vec<Uuid> =
        sql.all(tx).await?.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?;
    let mut tags = rows::tags_of(tx, store_id, &ids).await?;
    Ok(ids.into_iter().map(|id| (id, tags.remove(&id).unwrap_or_default())).collect())
}

/// Locks customers until the transaction ends, so that they keep matching the filter. SQLite has a single
/// writer.
async fn lock(tx: &DatabaseTransaction, store_id: StoreId, batch: &[Uuid]) -> Result<(), DbErr> {
    if !is_sqlite(tx) {
        let mut sql = Sql::new("SELECT customers.id FROM ");
        sql.each(tx, &locked(store_id, batch));
        sql.all(tx).await?;
    }
    Ok(())
}

fn locked(store_id: StoreId, batch: &[Uuid]) -> Each<'_> {
    Each {
        table: "customers",
        store_id: Some(store_id.uuid()),
        within: None,
        column: "id",
        values: Values::Ids(batch),
        lock: true,
    }
}

/// Increments the versions and adds timeline entries, as for a change of a single customer.
async fn note_tags_changed(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    customers: &[Uuid],
) -> Result<u64, ApiError> {
    if !customers.is_empty() {
        let mut sql = Sql::new("UPDATE customers SET version = version + 1 WHERE store_id = ");
        sql.bind(store_id.uuid()).push(" AND ").is_any_id(tx, "id", customers);
        sql.execute(tx).await?;
        let (kind, detail) = (ActivityKind::Edited, "tags");
        timeline::queries::record_all(tx, store_id, customers, kind, Some(detail), clock::now()).await?;
    }
    Ok(customers.len() as u64)
}

async fn delete(tx: &DatabaseTransaction, store_id: StoreId, batch: &[Uuid]) -> Result<u64, ApiError> {
    let mut sql = Sql::new("SELECT customers.* FROM ");
    sql.each(tx, &locked(store_id, batch));
    let models: Vec<customers::Model> = sql.models(tx).await?;
    let mut delta = CountDelta::default();
    let (mut ids, mut freed) = (Vec::with_capacity(models.len()), Vec::new());
    let customers = models.into_iter().map(|model| Ok(rows::stored(model, BTreeSet::new())?.customer));
    let customers = customers.collect::<Result<Vec<_>, DbErr>>()?;
    erasure::erase_customers(tx, store_id, &customers, clock::now()).await?;
    for customer in customers {
        delta.remove(&customer.fields, customer.user_id.is_some());
        ids.push(customer.id.uuid());
        freed.extend(customer.user_id.map(UserId::uuid));
    }
    writes::delete(tx, store_id, &ids).await?;
    for _ in links::link_freed(tx, store_id, &freed).await? {
        delta.link(1);
    }
    delta.apply(tx, store_id).await?;
    Ok(ids.len() as u64)
}
