//! Writes the batches of an import on PostgreSQL, a few transactions at a time.
//!
//! While one is written, the next are loaded, folded and written on other connections. They
//! learn what those before say of their addresses from memory, and commit after them: the
//! position in the file moves as if there were one at a time. When one fails, so do those
//! after it, and the import goes on where the last that is committed ended.
//!
//! People of the batch before are written once it is committed. Written earlier, their rows could
//! be locked by the later batch while the earlier one waits for them, and it for its turn: a circle
//! that the database does not see.

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

/// Transactions that are under way together.
pub(super) const LANES: usize = 2;
/// How long a lane waits for a row. A batch may wait for somebody who waits for a row of the next
/// one, which waits for its turn: a circle that the database does not see. It is broken by giving
/// up, and going on with one transaction at a time.
const PATIENCE: &str = "SET LOCAL lock_timeout = '2s'";
/// How long they may overlap before all of them end. A sign-up waits for everybody who
/// shares the locks of addresses, as does who merges tags, and would wait for as long as
/// there is one. Normally the database tells that somebody waits.
const OVERLAP: Duration = Duration::from_secs(2);
/// Batches after which the search index is merged.
const MERGE_EVERY: usize = 24;

/// Writes batches until there are no more, one fails, or it is cancelled, so many at a time.
/// Returns how far the import got in any case.
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
        // What ended the first is why the others ended.
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

/// The batches that may be staged before this one is committed, and what they have to know
/// of those under way.
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

/// The people of the batches that may not be committed yet.
#[derive(Default)]
struct UnderWay(VecDeque<HashSet<Uuid>>);

impl UnderWay {
    /// Takes in a batch; whom those under way before it write.
    fn begin(&mut self, people: HashSet<Uuid>) -> HashSet<Uuid> {
        let held = self.0.iter().flatten().copied().collect();
        self.0.push_back(people);
        // A lane is free again when its batch is committed, and they are committed in their order.
        if self.0.len() >= LANES {
            self.0.pop_front();
        }
        held
    }
}

/// Whether it helps to try again: somebody created one of the customers at the same moment,
/// or the transaction lost against another.
pub(super) fn is_passing(error: &ApiError) -> bool {
    let ApiError::Database(error) = error else { return false };
    is_taken(error) || transaction::lost_against_another(error)
}

fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// Waits for a free lane; for all of them when somebody else waits for them.
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

/// Whether somebody waits for a lock that transactions of imports share. Who waits for a row
/// is in the lock table with it.
async fn is_awaited(db: &Db) -> Result<bool, DbErr> {
    let sql = Sql::new(
        "SELECT COUNT(*) FROM pg_locks
         WHERE locktype = 'tuple' AND relation IN ('link_locks'::regclass, 'tags'::regclass)
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    );
    Ok(sql.number(db.read()).await? > 0)
}

/// Opens a transaction, loads what is known of a batch, and folds it on another thread. Tags
/// are made here, so that the transactions after this one never hold a tag that it waits for.
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

/// A transaction with a batch that is folded.
struct Lane {
    db: Db,
    tx: DatabaseTransaction,
    context: Context,
    ready: Ready,
    tags: TagIds,
    /// Whom batches write that are not committed yet.
    held: HashSet<Uuid>,
    /// Where the import stands before it, and after.
    before: Import,
    after: Import,
}

impl Lane {
    /// Writes the batch, and commits it after the one before.
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
            // Nobody listens any more when the import is dropped.
            Ok(()) => drop(told.send(after)),
            Err(_) => broken.cancel(),
        }
        done
    }
}

/// Merges the search index now and then, while batches go on being written.
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
