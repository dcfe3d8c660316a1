//! Queues imports and runs them.

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

/// Maximum number of unfinished imports per store.
const MAX_UNFINISHED: i64 = 100;
/// Maximum size of a store's files within a day, in bytes.
const MAX_BYTES_A_DAY: u64 = 20 << 30;
/// Maximum length of a file name, in characters.
const MAX_FILE_NAME: usize = 200;
/// Size of a file, in bytes, above which a bulk load pays off.
const LARGE: i64 = 1 << 20;
/// Usual minimum size of a row, in bytes.
const ROW_BYTES: i64 = 250;
/// The tables that an import writes.
const WRITTEN: Written = Written { tables: &["customers", "customer_tags"], read: &[] };

/// Validates the options of an import.
///
/// # Errors
/// All invalid options.
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

/// The folder of import files.
#[must_use]
pub fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("imports")
}

/// The id of a new import, and the path for its file.
///
/// # Errors
/// When the folder cannot be created.
pub async fn new_file(data_dir: &Path) -> Result<(ImportId, PathBuf), ApiError> {
    let folder = folder(data_dir);
    tokio::fs::create_dir_all(&folder).await?;
    let id = ImportId::new(Uuid::now_v7());
    Ok((id, std::path::absolute(folder.join(file_name_of(id)))?))
}

/// The name of an import's file in [`folder`]; each server has its own folder.
fn file_name_of(id: ImportId) -> String {
    format!("{id}.csv")
}

/// A complete file that is synced to disk.
#[derive(Clone, Debug)]
pub struct StoredFile {
    id: ImportId,
    path: PathBuf,
    name: String,
    bytes: u64,
}

impl StoredFile {
    /// Syncs the file to disk. `name` is the name shown to people.
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

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The id of its import.
    #[must_use]
    pub fn id(&self) -> ImportId {
        self.id
    }
}

/// Checks the quota of a store before another file: waiting imports delay those of other stores, and files
/// take disk space.
///
/// # Errors
/// [`ApiError::Conflict`] when the store is over its quota; otherwise when the database fails.
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
/// [`ApiError::Conflict`] when the store is over its quota; otherwise when the database fails.
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

/// Runs what is left of an import, or its undo. Does nothing when another process runs it, or its file is on
/// another server.
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
    // The import may have progressed before the lease was acquired.
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

/// Whether this server can run an import. Servers may share a PostgreSQL database but not their files: a
/// server without the file leaves the import to the one that has it, for as long as files are kept.
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

/// Begins a bulk load for an import on SQLite, if it writes much more than is stored already. `None` if a
/// bulk load does not apply, such as when another process has the database open.
///
/// # Errors
/// When the database fails.
pub async fn load_in_bulk(db: &Db, import: &Import) -> Result<Option<BulkLoad>, ApiError> {
    let is_to_come = matches!(import.status, ImportStatus::Queued | ImportStatus::Running);
    let left = import.bytes - i64::try_from(import.position.0).unwrap_or(i64::MAX);
    if !is_sqlite(db.read()) || !is_to_come || import.options.dry_run || left < LARGE {
        return Ok(None);
    }
    // The indexes are rebuilt over the existing rows too.
    let is_much = bulk_load::rows_at_most(db, "customers").await? < left / ROW_BYTES / 2;
    Ok(if is_much { BulkLoad::begin(db, WRITTEN).await? } else { None })
}

/// Whether the file of an import is still needed: until the import ends, and after a dry run or a failure,
/// when it can be previewed and imported again.
#[must_use]
pub fn needs_file(import: &Import) -> bool {
    !import.status.is_final() || import.options.dry_run || import.status == ImportStatus::Failed
}

/// Deletes the files of an import: personal data is not kept longer than needed.
pub async fn forget_file(import: &Import) {
    for extension in ["csv", "original", "utf8", "lock"] {
        // Most of these do not exist.
        let _ = tokio::fs::remove_file(import.file_path.with_extension(extension)).await;
    }
}

/// Shares the uploaded file of an import with a new one, and renews the retention of both.
///
/// # Errors
/// `ApiError::Conflict` when the file was deleted; otherwise when the disk fails.
pub async fn share_file(data_dir: &Path, import: &Import, name: &str) -> Result<StoredFile, ApiError> {
    if !needs_file(import) {
        return Err(gone());
    }
    let (id, path) = new_file(data_dir).await?;
    let original = encoding::original(&folder(data_dir).join(&import.file_path));
    // A hard link is safe: a complete file is never modified in place, only replaced.
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

/// The error for a deleted file.
#[must_use]
pub fn gone() -> ApiError {
    ApiError::Conflict("The file of this import is not kept any more. Send it as a new import.")
}

/// Requests the undo of an import. Idempotent.
///
/// # Errors
/// `ApiError::NotFound` when there is no such import; `ApiError::Conflict` when it was a dry run, has not
/// ended, or failed before it wrote anything.
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
                // A failed import may have written rows before.
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
