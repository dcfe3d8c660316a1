//! Starting backfills, and getting them done.

use std::time::{Duration, Instant};

use fanbase_domain::{
    ids::{BackfillId, StoreId},
    wire::{
        audit::AuditAction,
        backfills::{BackfillResponse, BackfillWhat, NewBackfill},
    },
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use tokio_util::sync::CancellationToken;

use super::{
    batch,
    stored::{self, Backfill},
    unassigned,
};
use crate::{
    audience::customers::search_index,
    clock,
    db::{
        Db,
        audit_log::Entry,
        bulk_load::{self, BulkLoad, Written},
        is_sqlite, transaction,
    },
    error::ApiError,
};

/// How long a transaction takes another batch, while nobody else wants to write: SQLite writes every
/// page that a transaction touched, so that few large ones write a fraction of many small ones.
const LONG: Duration = Duration::from_secs(5);
/// Left between transactions when another process serves the same SQLite file: it asks for the
/// writer every 100 ms at least, and would not get it in between otherwise.
const TURN: Duration = Duration::from_millis(110);

/// What has no customer, from which on it is worth it to load it in bulk.
const LARGE: i64 = 5_000;
/// What a backfill of enrolments writes, as far as lists read it.
const WRITTEN: Written = Written {
    tables: &["customers", "enrollments", "activities"],
    read: &["enrollments_nobodys", "enrollments_customer"],
};

/// Queues a backfill.
///
/// # Errors
/// When the database fails.
pub async fn enqueue(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    new: NewBackfill,
) -> Result<Backfill, ApiError> {
    let backfill = Backfill::new(store_id, new, clock::now());
    backfill.write(db).await?;
    let entry = Entry::of_store(store_id, AuditAction::BackfillCreated).to(backfill.id.uuid());
    entry.after(&BackfillResponse::from(backfill.clone()))?.record(db).await?;
    Ok(backfill)
}

/// Loads what a backfill will write in bulk, if it is much beside what is there, and nobody else has the
/// database open.
///
/// # Errors
/// When the database fails.
pub async fn load_in_bulk(db: &Db, backfill: &Backfill) -> Result<Option<BulkLoad>, ApiError> {
    if !is_sqlite(db.read()) || backfill.dry_run || backfill.what != BackfillWhat::Courses {
        return Ok(None);
    }
    // Not by a reader, which maps what it reads into memory.
    let to_come = unassigned::total(db.write(), backfill.store_id, backfill.what).await?;
    // The indexes are made anew for those as well that are there already.
    let customers = bulk_load::rows_at_most(db, "customers").await?;
    let enrollments = bulk_load::rows_at_most(db, "enrollments").await? - to_come;
    let activities = bulk_load::rows_at_most(db, "activities").await?;
    let there = customers.max(enrollments).max(activities);
    let is_much = to_come >= LARGE && there < to_come / 2;
    Ok(if is_much { BulkLoad::begin(db, WRITTEN).await? } else { None })
}

/// Does what is left of a backfill; `progress` hears of every transaction. Stops between two when
/// cancelled. Several processes may be at it: each batch begins where the one before it has ended.
///
/// # Errors
/// When the database fails; it goes on later where it was.
pub async fn work_on(
    db: &Db,
    mut backfill: Backfill,
    cancel: &CancellationToken,
    mut progress: impl FnMut(&Backfill),
) -> Result<Backfill, ApiError> {
    let (store_id, id) = (backfill.store_id, backfill.id);
    while !backfill.status.is_final() && !cancel.is_cancelled() {
        let is_considerate = db.is_shared();
        let may_be_long = is_sqlite(db.write()) && !is_considerate;
        backfill = transaction::write(db, |tx| {
            let (db, cancel) = (db.clone(), cancel.clone());
            let more =
                move |for_long: bool| may_be_long && !for_long && !db.is_wanted() && !cancel.is_cancelled();
            Box::pin(batches(tx, (store_id, id), more))
        })
        .await?;
        progress(&backfill);
        if is_considerate {
            tokio::time::sleep(TURN).await;
        }
    }
    if backfill.status.is_final() && !backfill.dry_run {
        search_index::settle(db).await;
    }
    Ok(backfill)
}

/// One transaction; `more` says whether it takes another batch.
async fn batches(
    tx: &DatabaseTransaction,
    (store_id, id): (StoreId, BackfillId),
    more: impl Fn(bool) -> bool,
) -> Result<Backfill, ApiError> {
    let started = Instant::now();
    let mut backfill = stored::find(tx, store_id, id, true).await?;
    while !backfill.status.is_final() {
        batch::step(tx, &mut backfill, clock::now()).await?;
        if !more(started.elapsed() > LONG) {
            break;
        }
    }
    Ok(backfill)
}
