//! Runs imports to their end, from wherever they stand.

use std::{fs::File, sync::Arc};

use fanbase_domain::{
    consent::Consent,
    merge::{Defaults, Policy},
    money::Currency,
    source::Source,
    tag::TagName,
    wire::imports::ImportStatus,
};
use sea_orm::Value;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    batch,
    file::{self, ContactFile, FileError},
    fold::Context,
    progress::Import,
    reader::{Batch, RowReader},
};
use crate::{
    clock,
    db::{
        Db,
        bulk::{self, Target, Type},
        sql::Sql,
        transaction,
    },
    error::ApiError,
    stores,
};

/// Rows of a transaction: few enough that other writers wait at most about 250 ms.
const BATCH_ROWS: usize = 4_000;
/// Batches that are read ahead.
const READ_AHEAD: usize = 2;
/// How often a batch is tried that lost against somebody who created the same customer.
const ATTEMPTS: u32 = 5;

const CUSTOM_FIELDS: Target = Target {
    table: "custom_fields",
    columns: &[("store_id", Type::Uuid), ("id", Type::Uuid), ("key", Type::Text), ("label", Type::Text)],
    on_conflict: "ON CONFLICT (store_id, key) DO NOTHING",
};

/// Runs an import to its end; `progress` hears of every batch. Stops between two batches
/// when cancelled; the import then goes on at the next start.
///
/// # Errors
/// When the database fails. A file that cannot be imported is no error: the import says so.
pub async fn run(
    db: &Db,
    mut import: Import,
    cancel: &CancellationToken,
    mut progress: impl FnMut(&Import),
) -> Result<Import, ApiError> {
    let file = match open(&import).await {
        Ok(file) => file,
        Err(error) => {
            let message = format!("{error}");
            tracing::warn!(import.id = %import.id, error.code = error.code(), "import refused");
            import.set_status(db.write(), ImportStatus::Failed, clock::now(), Some(message)).await?;
            return Ok(import);
        }
    };
    start(db, &mut import, &file).await?;
    let store = stores::queries::find(db.read(), import.store_id).await?;
    let context = context(&import, &file);
    let mut batches = read(&import, &file, store.currency)?;
    while let Some(batch) = batches.recv().await {
        let batch = match batch {
            Ok(batch) => batch,
            Err(error) => {
                let message = format!("The file cannot be read: {error}.");
                import.set_status(db.write(), ImportStatus::Failed, clock::now(), Some(message)).await?;
                return Ok(import);
            }
        };
        import = write(db, &context, import, batch).await?;
        progress(&import);
        if cancel.is_cancelled() {
            return Ok(import);
        }
    }
    finish(db, &mut import).await?;
    Ok(import)
}

async fn open(import: &Import) -> Result<ContactFile, FileError> {
    let (path, options) = (import.file_path.clone(), import.options.clone());
    match tokio::task::spawn_blocking(move || file::open(&path, &options)).await {
        Ok(file) => file,
        Err(error) => Err(FileError::Io(std::io::Error::other(error))),
    }
}

async fn start(db: &Db, import: &mut Import, file: &ContactFile) -> Result<(), ApiError> {
    if import.position.0 == 0 {
        import.position = file.first_row;
    }
    import.shape = Some(file.shape.clone());
    import.set_status(db.write(), ImportStatus::Running, clock::now(), None).await?;
    if !import.options.dry_run {
        let fields: Vec<Vec<Value>> = file
            .mapping
            .attributes()
            .map(|(key, label)| {
                vec![import.store_id.uuid().into(), Uuid::now_v7().into(), key.into(), label.into()]
            })
            .collect();
        bulk::insert(db.write(), &CUSTOM_FIELDS, fields).await?;
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
            consent: Consent::Subscribed,
            now: import.started_at.unwrap_or(import.created_at),
        },
        dry_run: import.options.dry_run,
    }
}

/// Reads the rows on a thread of their own, a little ahead of who writes them.
fn read(
    import: &Import,
    file: &ContactFile,
    currency: Currency,
) -> Result<tokio::sync::mpsc::Receiver<Result<Batch, csv::Error>>, ApiError> {
    let add_tags = import.options.add_tags.iter().filter_map(|tag| TagName::parse(tag).ok()).collect();
    let reader = RowReader::new(&import.file_path, file, currency, add_tags, import.position);
    let mut reader = reader.map_err(|error| ApiError::Internal(error.to_string()))?;
    let (sender, receiver) = tokio::sync::mpsc::channel(READ_AHEAD);
    tokio::task::spawn_blocking(move || {
        while let Some(batch) = reader.next_batch(BATCH_ROWS).transpose() {
            let failed = batch.is_err();
            if sender.blocking_send(batch).is_err() || failed {
                break;
            }
        }
    });
    Ok(receiver)
}

/// Writes a batch in one transaction; again, when somebody created one of its customers
/// at the same moment.
async fn write(db: &Db, context: &Context, import: Import, batch: Batch) -> Result<Import, ApiError> {
    let batch = Arc::new(batch);
    for attempt in 1.. {
        let outcome = transaction::write(db, |tx| {
            let (context, batch, mut import) = (*context, Arc::clone(&batch), import.clone());
            Box::pin(async move {
                batch::import(tx, &context, &mut import, &batch).await?;
                Ok(import)
            })
        })
        .await;
        match outcome {
            Err(ApiError::Database(error)) if attempt < ATTEMPTS && is_taken(&error) => {}
            outcome => return outcome,
        }
    }
    Err(ApiError::Unavailable)
}

fn is_taken(error: &sea_orm::DbErr) -> bool {
    matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)))
}

async fn finish(db: &Db, import: &mut Import) -> Result<(), ApiError> {
    import.set_status(db.write(), ImportStatus::Completed, clock::now(), None).await?;
    if import.options.dry_run {
        let mut sql = Sql::new("DELETE FROM import_changes WHERE store_id = ");
        sql.bind(import.store_id.uuid()).push(" AND import_id = ").bind(import.id.uuid());
        sql.execute(db.write()).await?;
    }
    Ok(())
}

/// Holds an import as long as it is worked on. The operating system lets go
/// of it when the process ends, however it ends.
///
/// # Errors
/// When the lock file cannot be made.
pub fn lock(import: &Import) -> std::io::Result<Option<File>> {
    let file = File::create(import.file_path.with_extension("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    }
}
