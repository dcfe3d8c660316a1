//! Pipelined writing of an import's batches on PostgreSQL, in a few concurrent transactions.
//!
//! While one batch is written, the next ones are loaded, folded and written on other connections. Each gets
//! the pending effects of its predecessors on its e-mail addresses from memory, and commits after them: the
//! position in the file advances as in a sequential run. When a batch fails, its successors fail too, and the
//! import resumes after the last committed batch.
//!
//! Rows of people that a predecessor also writes are deferred until it has committed. Written earlier, they
//! could be locked by the later batch while the predecessor waits for them and the later batch waits for its
//! turn to commit: a deadlock that the database cannot detect.

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbErr, SqlErr};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    batch::{self, Ready},
    fold::{Context, Known},
    progress::Import,
    reader::Batch,
    runner::Batches,
};
use crate::{
    audience::customers::{search_index, writes::TagIds},
    db::{Db, sql::Sql, transaction},
    error::ApiError,
};

/// Number of concurrent transactions.
pub(super) const LANES: usize = 2;
/// Lock timeout of a transaction. A batch may wait for a client that waits for a row of the next batch, which
/// waits for its turn: a deadlock that the database cannot detect. The timeout breaks it, and the import
/// continues with one transaction at a time.
const PATIENCE: &str = "SET LOCAL lock_timeout = '2s'";
/// How long transactions may overlap before all of them must end. A sign-up, or a merge of tags, waits for
/// every transaction that shares its locks, and would starve while there is always one. Usually the lock
/// table shows the waiting client earlier.
const OVERLAP: Duration = Duration::from_secs(2);
/// Batches between two merges of the search index.
const MERGE_EVERY: usize = 24;

/// Writes batches, `lanes` at a time, until the source ends, one fails, or it is cancelled. Returns in any
/// case how far the import got.
pub(super) async fn run(
    db: &Db,
    context: &Context,
    import: Import,
    source: &mut Batches,
    lanes: usize,
    cancel: &CancellationToken,
    progress: &mut impl FnMut(&Import),
) -> (Import, Result<(), ApiError>) {
    let permits = Arc::new(Semaphore::new(lanes));
    let (told, mut committed) = mpsc::unbounded_channel();
    let broken = CancellationToken::new();
    let (mut reached, mut staged) = (import.clone(), import);
    let (mut last, mut outcome) = (None, Ok(()));
    let (mut overlapping, mut merging) = (Instant::now(), Merging::default());
    let mut upcoming = Upcoming::default();
    let mut under_way = UnderWay::default();
    while let Some((batch, lesson)) = upcoming.next(source).await {
        let permit = permit(db, &permits, lanes, &mut overlapping).await;
        if cancel.is_cancelled() || broken.is_cancelled() {
            break;
        }
        let ready = match permit {
            Ok(permit) => stage(db, context, batch, lesson, lanes).await.map(|ready| (ready, permit)),
            Err(error) => Err(error.into()),
        };
        match ready {
            Ok(((tx, ready, tags), permit)) => {
                upcoming.learn(context, &ready);
                let before = staged.clone();
                ready.advance(&mut staged);
                let after = staged.clone();
                let held = under_way.begin(ready.folded.people());
                let lane = Lane { db: db.clone(), tx, context: *context, ready, tags, held, before, after };
                let (told, broken) = (told.clone(), broken.clone());
                let predecessor = last.take();
                last = Some(tokio::spawn(lane.run(predecessor, told, broken, permit)));
            }
            Err(error) => {
                outcome = Err(error);
                break;
            }
        }
        while let Ok(import) = committed.try_recv() {
            progress(&import);
            reached = import;
            merging.batch_is_written(db);
        }
    }
    if let Some(last) = last {
        // The error of the first failed batch is the cause of the others.
        if let Err(error) = finished(last).await {
            outcome = Err(error);
        }
    }
    while let Ok(import) = committed.try_recv() {
        progress(&import);
        reached = import;
    }
    (reached, outcome)
}

/// Batches that may be prepared before the current one commits, each with the pending effects of its
/// predecessors.
#[derive(Default)]
struct Upcoming(VecDeque<(Batch, Known)>);

impl Upcoming {
    async fn next(&mut self, source: &mut Batches) -> Option<(Batch, Known)> {
        while self.0.len() < LANES
            && let Some(batch) = source.next().await
        {
            self.0.push_back((batch, Known::default()));
        }
        self.0.pop_front()
    }

    fn learn(&mut self, context: &Context, ready: &Ready) {
        for (batch, known) in &mut self.0 {
            known.learn(Known::lesson(context, &batch::keys(batch), &ready.folded));
        }
    }
}

/// The people of the batches that may be uncommitted.
#[derive(Default)]
struct UnderWay(VecDeque<HashSet<Uuid>>);

impl UnderWay {
    /// Adds a batch; returns the people that uncommitted predecessors write.
    fn begin(&mut self, people: HashSet<Uuid>) -> HashSet<Uuid> {
        let held = self.0.iter().flatten().copied().collect();
        self.0.push_back(people);
        // A permit is released when its batch has committed, and batches commit in order.
        if self.0.len() >= LANES {
            self.0.pop_front();
        }
        held
    }
}

/// Whether a retry may succeed: a customer was created concurrently, or the transaction was aborted because
/// of another one.
pub(super) fn is_passing(error: &ApiError) -> bool {
    let ApiError::Database(error) = error else { return false };
    is_taken(error) || transaction::lost_against_another(error)
}

fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// Waits for a free permit, or for all of them when another client waits for a shared lock.
async fn permit(
    db: &Db,
    permits: &Arc<Semaphore>,
    lanes: usize,
    overlapping: &mut Instant,
) -> Result<Option<OwnedSemaphorePermit>, DbErr> {
    let all = overlapping.elapsed() > OVERLAP || is_awaited(db).await?;
    let wanted = if all { u32::try_from(lanes).unwrap_or(1) } else { 1 };
    let mut permit = Arc::clone(permits).acquire_many_owned(wanted).await.ok();
    if all {
        *overlapping = Instant::now();
        permit = permit.and_then(|mut permit| permit.split(1));
    }
    Ok(permit)
}

/// Whether a client waits for a lock that transactions of imports share. A client that waits for a locked row
/// holds a `tuple` lock on it.
async fn is_awaited(db: &Db) -> Result<bool, DbErr> {
    let sql = Sql::new(
        "SELECT COUNT(*) FROM pg_locks
         WHERE locktype = 'tuple' AND relation IN ('link_locks'::regclass, 'tags'::regclass)
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    );
    Ok(sql.number(db.read()).await? > 0)
}

/// Begins a transaction, loads the known state of a batch, and folds it on another thread. Tags are created
/// here, so that later transactions never hold a tag that this one waits for.
async fn stage(
    db: &Db,
    context: &Context,
    batch: Batch,
    lesson: Known,
    lanes: usize,
) -> Result<(DatabaseTransaction, Ready, TagIds), ApiError> {
    let tx = transaction::begin(db).await?;
    if lanes > 1 {
        tx.execute_unprepared(PATIENCE).await?;
    }
    match load_and_fold(&tx, context, batch, lesson).await {
        Ok((ready, tags)) => Ok((tx, ready, tags)),
        Err(error) => {
            tx.rollback().await?;
            Err(error)
        }
    }
}

async fn load_and_fold(
    tx: &DatabaseTransaction,
    context: &Context,
    batch: Batch,
    lesson: Known,
) -> Result<(Ready, TagIds), ApiError> {
    transaction::may_be_forgotten(tx).await?;
    search_index::collect(tx).await?;
    let mut known = batch::load(tx, context, &batch::keys(&batch)).await?;
    known.learn(lesson);
    let folding = *context;
    let ready = tokio::task::spawn_blocking(move || batch::fold(&folding, known, batch)).await;
    let ready = ready.map_err(|error| ApiError::Internal(error.to_string()))?;
    let tags = batch::tags(tx, context, &ready.folded).await?;
    Ok((ready, tags))
}

async fn finished(lane: JoinHandle<Result<(), ApiError>>) -> Result<(), ApiError> {
    lane.await.map_err(|error| ApiError::Internal(error.to_string()))?
}

/// A transaction with its folded batch.
struct Lane {
    db: Db,
    tx: DatabaseTransaction,
    context: Context,
    ready: Ready,
    tags: TagIds,
    /// People that uncommitted predecessors write.
    held: HashSet<Uuid>,
    /// The import before and after the batch.
    before: Import,
    after: Import,
}

impl Lane {
    /// Writes the batch, and commits it after its predecessor.
    async fn run(
        self,
        predecessor: Option<JoinHandle<Result<(), ApiError>>>,
        told: mpsc::UnboundedSender<Import>,
        broken: CancellationToken,
        _permit: Option<OwnedSemaphorePermit>,
    ) -> Result<(), ApiError> {
        let Self { db, tx, context, mut ready, tags, held, before, after } = self;
        let later = ready.folded.set_apart(&held);
        let written = batch::write_rows(&tx, &context, &before, ready.folded, &tags).await;
        let turn = match predecessor {
            Some(predecessor) => finished(predecessor).await,
            None => Ok(()),
        };
        let written = match turn.and(written) {
            Ok(counts) => batch::write_rows(&tx, &context, &before, later, &tags).await.map(|_| counts),
            error => error,
        };
        let closed = match written {
            Ok(counts) => batch::close(&tx, &context, (&before, &after), counts).await,
            Err(error) => Err(error),
        };
        let done = match closed {
            Ok(()) => transaction::commit(&db, tx).await,
            Err(error) => {
                tx.rollback().await?;
                Err(error)
            }
        };
        match &done {
            // The receiver is gone when the import was dropped.
            Ok(()) => drop(told.send(after)),
            Err(_) => broken.cancel(),
        }
        done
    }
}

/// Merges the search index from time to time while batches are written.
#[derive(Default)]
struct Merging {
    batches: usize,
    task: Option<JoinHandle<()>>,
}

impl Merging {
    fn batch_is_written(&mut self, db: &Db) {
        self.batches += 1;
        let idle = self.task.as_ref().is_none_or(JoinHandle::is_finished);
        if idle && self.batches.is_multiple_of(MERGE_EVERY) {
            let db = db.clone();
            self.task = Some(tokio::spawn(async move {
                if let Err(error) = search_index::merge(db.write()).await {
                    tracing::warn!(%error, "the search index is not merged");
                }
            }));
        }
    }
}
