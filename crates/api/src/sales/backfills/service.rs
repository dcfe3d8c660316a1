//! Starts backfills and runs them.

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

/// How long a transaction keeps adding batches while no other writer waits. SQLite writes each page that a
/// transaction touched once, so that a few large transactions write a fraction of what many small ones do.
const LONG: Duration = Duration::from_secs(5);
/// Pause between transactions when another process serves the same SQLite file. That process polls for the
/// write lock every 100 ms at least, and would not get it otherwise.
const TURN: Duration = Duration::from_millis(110);

/// Number of unassigned enrolments above which a bulk load pays off.
const LARGE: i64 = 5_000;
/// The tables that a backfill of enrolments writes, and the indexes that it reads.
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

/// Begins a bulk load for a backfill of enrolments on SQLite, if it writes much more than is stored already.
/// `None` if a bulk load does not apply, such as when another process has the database open.
///
/// # Errors
/// When the database fails.
pub async fn load_in_bulk(db: &Db, backfill: &Backfill) -> Result<Option<BulkLoad>, ApiError> {
    if !is_sqlite(db.read()) || backfill.dry_run || backfill.what != BackfillWhat::Courses {
        return Ok(None);
    }
    // On the writer's connection: a reader would map the pages that it reads into memory.
    let to_come = unassigned::total(db.write(), backfill.store_id, backfill.what).await?;
    // The indexes are rebuilt over the existing rows too.
    let customers = bulk_load::rows_at_most(db, "customers").await?;
    let enrollments = bulk_load::rows_at_most(db, "enrollments").await? - to_come;
    let activities = bulk_load::rows_at_most(db, "activities").await?;
    let there = customers.max(enrollments).max(activities);
    let is_much = to_come >= LARGE && there < to_come / 2;
    Ok(if is_much { BulkLoad::begin(db, WRITTEN).await? } else { None })
}

/// Runs a backfill to its end, and calls `progress` after each transaction. Stops between two transactions
/// when cancelled. Several processes may run the same backfill: each batch starts at the stored position.
///
/// # Errors
/// When the database fails. The backfill can be resumed at its stored position.
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

/// Runs batches in one transaction while `more` returns true.
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
