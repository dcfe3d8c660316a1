//! Runs imports to their end, from their stored position.

use std::{
    fs::File,
    sync::Arc,
    time::{Duration, Instant},
};

use fanbase_domain::{
    consent::Consent,
    custom_field,
    import::refusal::{Refusal, RefusalCode},
    merge::{Defaults, Policy},
    money::Currency,
    source::Source,
    tag::TagName,
    wire::imports::ImportStatus,
};
use sea_orm::DatabaseTransaction;
use tokio::{
    sync::mpsc::{self, Receiver},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use super::{
    batch::{self, Ready},
    batch_size::Pace,
    file::{self, ContactFile, FileError},
    fold::{Context, Known, Problem},
    pipeline,
    progress::Import,
    reader::{Batch, RowReader},
};
use crate::{
    accounts::stores,
    audience::{custom_fields, customers::search_index},
    clock,
    db::{Db, is_sqlite, sql::Sql, transaction},
    error::ApiError,
};

/// Rows per transaction while no other writer waits. SQLite writes each page that a transaction touched once,
/// so that a few large transactions write a fraction of what many small ones do.
const ROWS: usize = 48_000;
/// How long a transaction may grow when another process serves the same SQLite file.
const CONSIDERATE: Duration = Duration::from_millis(300);
/// Pause between transactions when another process serves the same SQLite file. That process polls for the
/// write lock every 100 ms at least, and would not get it otherwise.
const TURN: Duration = Duration::from_millis(110);
/// Number of batches read ahead.
const READ_AHEAD: usize = 2;

/// Maximum number of attempts at one position of the file.
const ATTEMPTS: u32 = 5;

/// Runs an import to its end. Calls `progress` with the current state after each transaction, or after each
/// batch on PostgreSQL. Stops between two batches when cancelled; the import is then resumed at the next
/// start.
///
/// # Errors
/// When the database fails. A file that cannot be imported is not an error: the import's status reports it.
pub async fn run(
    db: &Db,
    mut import: Import,
    cancel: &CancellationToken,
    mut progress: impl FnMut(&Import),
) -> Result<Import, ApiError> {
    let file = match open(&import).await {
        Ok(file) => file,
        Err(error) => {
            tracing::warn!(import.id = %import.id, error.code = %error.code(), "import refused");
            import.set_status(db.write(), ImportStatus::Failed, clock::now(), Some(error.refusal())).await?;
            return Ok(import);
        }
    };
    if let Some(refusal) = start(db, &mut import, &file).await? {
        import.set_status(db.write(), ImportStatus::Failed, clock::now(), Some(refusal)).await?;
        return Ok(import);
    }
    let store = stores::queries::find(db.read(), import.store_id).await?;
    let context = context(&import, &file);
    let mut attempt = 1;
    let source = loop {
        let on_sqlite = is_sqlite(db.write());
        let mut source = read(&import, &file, store.currency, on_sqlite && is_waited_for(db))?;
        if on_sqlite {
            import = write_sqlite(db, &context, import, &mut source, cancel, &mut progress).await?;
            break source;
        }
        let from = import.position;
        // A retry uses one transaction at a time.
        let lanes = if attempt == 1 { pipeline::LANES } else { 1 };
        let (reached, outcome) =
            pipeline::run(db, &context, import, &mut source, lanes, cancel, &mut progress).await;
        import = reached;
        match outcome {
            Ok(()) => break source,
            Err(error) if attempt < ATTEMPTS && pipeline::is_passing(&error) => {
                attempt = if import.position == from { attempt + 1 } else { 1 };
            }
            Err(error) => return Err(error),
        }
    };
    if cancel.is_cancelled() {
        return Ok(import);
    }
    if let Some(error) = source.error {
        let refusal = FileError::Io(error).refusal();
        import.set_status(db.write(), ImportStatus::Failed, clock::now(), Some(refusal)).await?;
        return Ok(import);
    }
    finish(db, &mut import).await?;
    Ok(import)
}

/// Writes batches on SQLite, which has one writer, in large transactions while no other writer waits.
async fn write_sqlite(
    db: &Db,
    context: &Context,
    mut import: Import,
    source: &mut Batches,
    cancel: &CancellationToken,
    progress: &mut impl FnMut(&Import),
) -> Result<Import, ApiError> {
    while let Some(first) = source.next().await {
        let (considerate, begun) = (db.is_shared(), Instant::now());
        let more = |taken: usize| {
            let is_due = if considerate { begun.elapsed() > CONSIDERATE } else { taken >= ROWS };
            !is_due && !db.is_wanted() && !cancel.is_cancelled()
        };
        import = write_many(db, context, &import, first, source, &more).await?;
        if considerate {
            tokio::time::sleep(TURN).await;
        }
        progress(&import);
        if cancel.is_cancelled() {
            break;
        }
    }
    Ok(import)
}

async fn open(import: &Import) -> Result<ContactFile, FileError> {
    let (path, options) = (import.file_path.clone(), import.options.clone());
    match tokio::task::spawn_blocking(move || file::open(&path, &options)).await {
        Ok(file) => file,
        Err(error) => Err(FileError::Io(std::io::Error::other(error))),
    }
}

/// Records the layout of the file, and creates the custom fields of its columns. Returns the reason if the
/// file cannot be imported into this store.
async fn start(db: &Db, import: &mut Import, file: &ContactFile) -> Result<Option<Refusal>, ApiError> {
    let fields: Vec<(String, String)> =
        file.mapping.attributes().map(|(key, label)| (key.to_owned(), label.to_owned())).collect();
    let keys = fields.iter().map(|(key, _)| key.as_str());
    let count = custom_fields::service::count_with(db.read(), import.store_id, keys).await?;
    if count > custom_field::MAX_FIELDS {
        let message = format!(
            "The store would have {count} custom fields with those of this file. It can have {}: leave out \
             columns.",
            custom_field::MAX_FIELDS
        );
        return Ok(Some(Refusal::new(RefusalCode::TooManyFields, &message)));
    }
    import.shape = Some(file.shape.clone());
    let tx = transaction::begin(db).await?;
    match begin(&tx, import, file, fields).await {
        Ok(()) => transaction::commit(db, tx).await?,
        Err(error) => {
            tx.rollback().await?;
            return Err(error);
        }
    }
    Ok(None)
}

async fn begin(
    tx: &DatabaseTransaction,
    import: &mut Import,
    file: &ContactFile,
    fields: Vec<(String, String)>,
) -> Result<(), ApiError> {
    let is_first_start = import.position.0 == 0;
    if is_first_start {
        import.position = file.first_row;
    }
    import.set_status(tx, ImportStatus::Running, clock::now(), None).await?;
    if is_first_start {
        let problems: Vec<Problem> =
            file.notices.iter().map(|notice| Problem::of_file(file, notice)).collect();
        batch::write_problems(tx, import, &problems).await?;
        import.problems += i64::try_from(problems.len()).unwrap_or(0);
        import.advance(tx, import.position).await?;
    }
    if !import.options.dry_run {
        let import_id = Some(import.id.uuid());
        custom_fields::service::ensure_labelled(tx, import.store_id, fields, import_id).await?;
    }
    Ok(())
}

fn context(import: &Import, file: &ContactFile) -> Context {
    Context {
        store_id: import.store_id,
        import_id: import.id.uuid(),
        policy: Policy { values: import.options.values, tags: import.options.tags },
        defaults: Defaults {
            source: if file.is_activecampaign { Source::ActivecampaignImport } else { Source::CsvImport },
            consent: import.options.consent.map_or(Consent::Unconfirmed, Consent::from),
            now: import.started_at.unwrap_or(import.created_at),
        },
        dry_run: import.options.dry_run,
    }
}

/// The batches of a file, read ahead on a thread of their own.
pub(super) struct Batches {
    read: Receiver<std::io::Result<Batch>>,
    pace: Arc<Pace>,
    /// The error that ended the reading early.
    error: Option<std::io::Error>,
}

impl Batches {
    pub(super) async fn next(&mut self) -> Option<Batch> {
        match self.read.recv().await? {
            Ok(batch) => Some(batch),
            Err(error) => {
                self.error = Some(error);
                None
            }
        }
    }
}

fn read(
    import: &Import,
    file: &ContactFile,
    currency: Currency,
    is_waited_for: bool,
) -> Result<Batches, ApiError> {
    let add_tags = import.options.add_tags.iter().filter_map(|tag| TagName::parse(tag).ok()).collect();
    let reader = RowReader::new(&import.file_path, file, currency, add_tags, import.position);
    let mut reader = reader.map_err(|error| ApiError::Internal(error.to_string()))?;
    let (sender, read) = mpsc::channel(READ_AHEAD);
    let pace = Arc::new(Pace::new(is_waited_for));
    let paced = Arc::clone(&pace);
    tokio::task::spawn_blocking(move || {
        while let Some(batch) = reader.next_batch(paced.rows()).transpose() {
            let failed = batch.is_err();
            if sender.blocking_send(batch).is_err() || failed {
                break;
            }
        }
    });
    Ok(Batches { read, pace, error: None })
}

/// Whether a server may want to write to the SQLite file during the import.
fn is_waited_for(db: &Db) -> bool {
    db.is_served_here() || db.is_shared()
}

/// Whether a transaction with this many rows takes another batch.
type More<'a> = &'a (dyn Fn(usize) -> bool + Sync);

/// Writes batches in one transaction while no other writer waits. There is no retry, since SQLite's only
/// writer has no conflicts.
async fn write_many(
    db: &Db,
    context: &Context,
    import: &Import,
    first: Batch,
    source: &mut Batches,
    more: More<'_>,
) -> Result<Import, ApiError> {
    let tx = transaction::begin(db).await?;
    let mut import = import.clone();
    let waited_for = is_waited_for(db);
    match write_all(&tx, context, &mut import, first, source, (more, waited_for)).await {
        Ok(()) => {
            transaction::commit(db, tx).await?;
            Ok(import)
        }
        Err(error) => {
            tx.rollback().await?;
            Err(error)
        }
    }
}

/// Folds each batch while its predecessor is written.
async fn write_all(
    tx: &DatabaseTransaction,
    context: &Context,
    import: &mut Import,
    first: Batch,
    source: &mut Batches,
    (more, waited_for): (More<'_>, bool),
) -> Result<(), ApiError> {
    let mut ready: Option<Ready> = None;
    let mut next = Some(first);
    let mut taken = 0;
    while next.is_some() || ready.is_some() {
        let begun = Instant::now();
        let folding = match next.take() {
            Some(batch) => Some(start_folding(tx, context, batch, ready.as_ref()).await?),
            None => None,
        };
        if let Some(ready) = ready.take() {
            let rows = ready.folded.tally.rows();
            batch::write(tx, context, import, ready).await?;
            if waited_for {
                // Includes the time to load the next batch.
                source.pace.learn(rows, begun.elapsed());
            }
        }
        if let Some(folding) = folding {
            let folded = folding.await.map_err(|error| ApiError::Internal(error.to_string()))?;
            taken += folded.folded.tally.rows();
            ready = Some(folded);
            next = if more(taken) { source.next().await } else { None };
        }
    }
    Ok(())
}

/// Folds a batch on another thread; `before` is its predecessor, which is not written yet.
async fn start_folding(
    tx: &DatabaseTransaction,
    context: &Context,
    batch: Batch,
    before: Option<&Ready>,
) -> Result<JoinHandle<Ready>, ApiError> {
    let keys = batch::keys(&batch);
    let mut known = batch::load(tx, context, &keys).await?;
    if let Some(before) = before {
        known.learn(Known::lesson(context, &keys, &before.folded));
    }
    drop(keys);
    let context = *context;
    Ok(tokio::task::spawn_blocking(move || batch::fold(&context, known, batch)))
}

async fn finish(db: &Db, import: &mut Import) -> Result<(), ApiError> {
    import.set_status(db.write(), ImportStatus::Completed, clock::now(), None).await?;
    search_index::settle(db).await;
    if import.options.dry_run {
        let mut sql = Sql::new("DELETE FROM import_changes WHERE store_id = ");
        sql.bind(import.store_id.uuid()).push(" AND import_id = ").bind(import.id.uuid());
        sql.execute(db.write()).await?;
    }
    Ok(())
}

/// Locks an import while it is worked on; `None` when another process holds the lock. The operating system
/// releases the lock when the process ends, however it ends.
///
/// # Errors
/// When the lock file cannot be created.
pub fn lock(import: &Import) -> std::io::Result<Option<File>> {
    let file = File::create(import.file_path.with_extension("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    }
}
