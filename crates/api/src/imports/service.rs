//! Taking files in, and getting them done.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use fanbase_domain::{
    field_errors::FieldErrors,
    ids::{ImportId, StoreId},
    import::refusal::{Refusal, RefusalCode},
    tag::TagName,
    time::DAY,
    wire::{
        audit::AuditAction,
        imports::{ImportOptions, ImportResponse, ImportStatus},
    },
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    encoding, lease,
    progress::{self, Import},
    runner,
    separator::DELIMITERS,
    undo,
};
use crate::{
    clock,
    db::{
        Db,
        audit_log::Entry,
        bulk_load::{self, BulkLoad, Written},
        entities::imports,
        is_sqlite,
        sql::Sql,
        transaction,
    },
    error::ApiError,
};

/// Imports of a store that may wait or run.
const MAX_UNFINISHED: i64 = 100;
/// Bytes of files that a store may send within a day.
const MAX_BYTES_A_DAY: u64 = 20 << 30;
/// Longest name of a file, in characters.
const MAX_FILE_NAME: usize = 200;
/// Bytes of a file from which it is worth it to load it in bulk.
const LARGE: i64 = 1 << 20;
/// Bytes that a row has at least, as a rule.
const ROW_BYTES: i64 = 250;
/// What an import writes, as far as lists read it.
const WRITTEN: Written = Written { tables: &["customers", "customer_tags"], read: &[] };

/// Checks what a person asked for.
///
/// # Errors
/// Returns every option that is wrong.
pub fn check(options: &ImportOptions) -> Result<(), FieldErrors> {
    let mut errors = FieldErrors::new();
    for (i, tag) in options.add_tags.iter().enumerate() {
        if let Err(error) = TagName::parse(tag) {
            errors.add(format!("add_tags/{i}"), error.code(), error.to_string());
        }
    }
    if options.delimiter.is_some_and(|delimiter| !DELIMITERS.contains(&delimiter)) {
        errors.add("delimiter", "delimiter_unknown", "One of comma, semicolon, tab and vertical bar.");
    }
    if options.encoding.as_deref().is_some_and(|name| encoding::known(name).is_none()) {
        errors.add(
            "encoding",
            "encoding_unknown",
            "The name of an encoding, such as utf-8, windows-1252, macintosh or shift_jis.",
        );
    }
    errors.into_result(())
}

/// Where the files of imports are.
#[must_use]
pub fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("imports")
}

/// Where a new file is put before its import is queued.
///
/// # Errors
/// When the folder cannot be made.
pub async fn new_file(data_dir: &Path) -> Result<(ImportId, PathBuf), ApiError> {
    let folder = folder(data_dir);
    tokio::fs::create_dir_all(&folder).await?;
    let id = ImportId::new(Uuid::now_v7());
    Ok((id, std::path::absolute(folder.join(file_name_of(id)))?))
}

/// The name of the file of an import in [`folder`], of which each server has its own.
fn file_name_of(id: ImportId) -> String {
    format!("{id}.csv")
}

/// A file that is complete on disk, and survives a power cut.
#[derive(Clone, Debug)]
pub struct StoredFile {
    id: ImportId,
    path: PathBuf,
    name: String,
    bytes: u64,
}

impl StoredFile {
    /// Waits until the file is on the disk. `name` is what people call it.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn complete((id, path): (ImportId, PathBuf), name: &str) -> Result<Self, ApiError> {
        let file = tokio::fs::File::open(&path).await?;
        file.sync_all().await?;
        if let Some(folder) = path.parent() {
            tokio::fs::File::open(folder).await?.sync_all().await?;
        }
        let name = name.chars().filter(|c| !c.is_control()).take(MAX_FILE_NAME).collect();
        Ok(Self { id, bytes: file.metadata().await?.len(), path, name })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The import that it is for.
    #[must_use]
    pub fn id(&self) -> ImportId {
        self.id
    }
}

/// Checks that a store may send one more file: imports that wait take the turn of other stores, and files
/// take disk space.
///
/// # Errors
/// [`ApiError::Conflict`] beyond the budget of the store.
async fn check_budget(db: &impl ConnectionTrait, store_id: StoreId, bytes: u64) -> Result<(), ApiError> {
    let mut sql = Sql::new(
        "SELECT COALESCE(SUM(CASE WHEN status IN ('queued', 'running', 'undoing') THEN 1 ELSE 0 END), 0),
         CAST(COALESCE(SUM(CASE WHEN created_at > ",
    );
    sql.bind(clock::now().millis() - DAY).push(" THEN bytes ELSE 0 END), 0) AS BIGINT)");
    sql.push(" FROM imports WHERE store_id = ").bind(store_id.uuid());
    let Some(row) = sql.one(db).await? else { return Ok(()) };
    let (unfinished, sent): (i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    if unfinished >= MAX_UNFINISHED {
        return Err(ApiError::Conflict(
            "The store has 100 imports that wait. Send the file when one has ended.",
        ));
    }
    if u64::try_from(sent).unwrap_or(0).saturating_add(bytes) > MAX_BYTES_A_DAY {
        return Err(ApiError::Conflict(
            "The store has sent 20 GiB of files within a day. Send this one later.",
        ));
    }
    Ok(())
}

/// Queues the import of a file.
///
/// # Errors
/// [`ApiError::Conflict`] beyond the budget of the store, or the database fails.
pub async fn enqueue(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    stored: StoredFile,
    options: &ImportOptions,
) -> Result<Import, ApiError> {
    let StoredFile { id, path: _, name, bytes } = stored;
    check_budget(db, store_id, bytes).await?;
    let model = imports::ActiveModel {
        store_id: Set(store_id.uuid()),
        id: Set(id.uuid()),
        status: Set(ImportStatus::Queued.as_str().to_owned()),
        file_name: Set(name),
        file_path: Set(file_name_of(id)),
        options: Set(serde_json::to_string(options)?),
        shape: Set(None),
        bytes: Set(i64::try_from(bytes).unwrap_or(i64::MAX)),
        position_byte: Set(0),
        position_line: Set(0),
        row_count: Set(0),
        created: Set(0),
        updated: Set(0),
        unchanged: Set(0),
        duplicate_in_file: Set(0),
        invalid: Set(0),
        problems: Set(0),
        kept_unsubscribed: Set(0),
        undo_left: Set(0),
        error: Set(None),
        error_code: Set(None),
        created_at: Set(clock::now().millis()),
        started_at: Set(None),
        finished_at: Set(None),
    };
    let import: Import = model.insert(db).await?.try_into()?;
    let entry = Entry::of_store(store_id, AuditAction::ImportCreated).to(id.uuid());
    entry.after(&ImportResponse::from(import.clone()))?.record(db).await?;
    Ok(import)
}

/// Does what is left of an import: its rows, or its undo. Does nothing when another process is at it, or
/// its file is on another server.
///
/// # Errors
/// When the database fails.
pub async fn work_on(
    db: &Db,
    data_dir: &Path,
    mut import: Import,
    cancel: &CancellationToken,
    progress: impl FnMut(&Import),
) -> Result<Import, ApiError> {
    import.place_in(&folder(data_dir));
    if !is_within_reach(db, &import) {
        return Ok(import);
    }
    let worker = lease::worker(&folder(data_dir)).await?;
    let Some(lock) = runner::lock(&import)? else { return Ok(import) };
    let Some(lease) = lease::claim(db, &import, worker, clock::now()).await? else { return Ok(import) };
    // It may have moved on until the claim was ours.
    let mut found = progress::find(db.write(), import.store_id, import.id).await?;
    found.place_in(&folder(data_dir));
    let outcome = go_on(db, found, lease.attempts, cancel, progress).await;
    drop(lease);
    lease::release(db.write(), &import, worker).await?;
    let import = outcome?;
    if !needs_file(&import) {
        forget_file(&import).await;
    }
    drop(lock);
    Ok(import)
}

async fn go_on(
    db: &Db,
    mut import: Import,
    attempts: i64,
    cancel: &CancellationToken,
    progress: impl FnMut(&Import),
) -> Result<Import, ApiError> {
    match import.status {
        ImportStatus::Queued | ImportStatus::Running if attempts > lease::ATTEMPTS => {
            let message =
                "The server tried this import again and again, and did not get on. Its log says why.";
            fail(db, import, RefusalCode::GivenUp, message).await
        }
        ImportStatus::Queued | ImportStatus::Running if import.file_path.exists() => {
            runner::run(db, import, cancel, progress).await
        }
        ImportStatus::Queued | ImportStatus::Running => {
            let message = "The file of this import is on no server any more. Import it again.";
            fail(db, import, RefusalCode::FileLost, message).await
        }
        ImportStatus::Undoing => {
            undo::run(db, &mut import, cancel).await?;
            Ok(import)
        }
        _ => Ok(import),
    }
}

/// Whether an import can be worked on here. Several servers may share a PostgreSQL and not their files:
/// one that lacks a file leaves the import to the one that took it in, for as long as files are kept.
fn is_within_reach(db: &Db, import: &Import) -> bool {
    let needs_file = matches!(import.status, ImportStatus::Queued | ImportStatus::Running);
    let is_old = clock::now().millis() - import.created_at.millis() > DAY;
    !needs_file || import.file_path.exists() || is_sqlite(db.read()) || is_old
}

async fn fail(db: &Db, mut import: Import, code: RefusalCode, message: &str) -> Result<Import, ApiError> {
    let refusal = Refusal::new(code, message);
    import.set_status(db.write(), ImportStatus::Failed, clock::now(), Some(refusal)).await?;
    Ok(import)
}

/// Loads what an import will write in bulk, if it is much beside what is there, and nobody else has the
/// database open.
///
/// # Errors
/// When the database fails.
pub async fn load_in_bulk(db: &Db, import: &Import) -> Result<Option<BulkLoad>, ApiError> {
    let is_to_come = matches!(import.status, ImportStatus::Queued | ImportStatus::Running);
    let left = import.bytes - i64::try_from(import.position.0).unwrap_or(i64::MAX);
    if !is_sqlite(db.read()) || !is_to_come || import.options.dry_run || left < LARGE {
        return Ok(None);
    }
    // The indexes are made anew for those as well who are there already.
    let is_much = bulk_load::rows_at_most(db, "customers").await? < left / ROW_BYTES / 2;
    Ok(if is_much { BulkLoad::begin(db, WRITTEN).await? } else { None })
}

/// Whether the file of an import is still of use: until it has ended, and after a dry run or if it
/// was refused, when it is looked at and imported otherwise.
#[must_use]
pub fn needs_file(import: &Import) -> bool {
    !import.status.is_final() || import.options.dry_run || import.status == ImportStatus::Failed
}

/// Deletes the file of an import. Personal data is not kept for longer than it is needed.
pub async fn forget_file(import: &Import) {
    for extension in ["csv", "original", "utf8", "lock"] {
        // Most of them are not there.
        let _ = tokio::fs::remove_file(import.file_path.with_extension(extension)).await;
    }
}

/// Shares the file of an import with another one, as it was sent. Both are kept for another day.
///
/// # Errors
/// When the file is gone, or the disk fails.
pub async fn share_file(data_dir: &Path, import: &Import, name: &str) -> Result<StoredFile, ApiError> {
    if !needs_file(import) {
        return Err(gone());
    }
    let (id, path) = new_file(data_dir).await?;
    let original = encoding::original(&folder(data_dir).join(&import.file_path));
    // Nobody writes into a file that is complete: one that has to be rewritten is replaced.
    let shared = match tokio::fs::hard_link(&original, &path).await {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            tokio::fs::copy(&original, &path).await.map(drop)
        }
        linked => linked,
    };
    match shared {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(gone()),
        Err(error) => return Err(error.into()),
    }
    let file = std::fs::File::options().append(true).open(&path)?;
    file.set_modified(std::time::SystemTime::now())?;
    StoredFile::complete((id, path), name).await
}

/// What is said of a file that was deleted.
#[must_use]
pub fn gone() -> ApiError {
    ApiError::Conflict("The file of this import is not kept any more. Send it as a new import.")
}

/// Asks for an import to be undone.
///
/// # Errors
/// When it is not completed, was a dry run, or was undone before.
pub async fn request_undo(db: &Db, store_id: StoreId, id: ImportId) -> Result<Import, ApiError> {
    transaction::write(db, |tx| {
        Box::pin(async move {
            let mut import = progress::find(tx, store_id, id).await?;
            match import.status {
                _ if import.options.dry_run => {
                    return Err(ApiError::Conflict(
                        "A dry run changed nothing, so there is nothing to undo.",
                    ));
                }
                ImportStatus::Completed => {}
                // What it wrote before it failed.
                ImportStatus::Failed if import.tally.created + import.tally.updated > 0 => {}
                ImportStatus::Undoing | ImportStatus::Undone => return Ok(import),
                _ => {
                    return Err(ApiError::Conflict(
                        "Only an import that has ended and changed something can be undone.",
                    ));
                }
            }
            import.set_status(tx, ImportStatus::Undoing, clock::now(), None).await?;
            let entry = Entry::of_store(store_id, AuditAction::ImportUndone).to(id.uuid());
            entry.before(&ImportResponse::from(import.clone()))?.record(tx).await?;
            Ok(import)
        })
    })
    .await
}
