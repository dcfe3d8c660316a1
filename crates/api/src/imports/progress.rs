//! Maps imports to and from their rows.

use fanbase_domain::{
    ids::{ImportId, StoreId},
    import::refusal::{Refusal, RefusalCode},
    merge::Tally,
    time::Timestamp,
    wire::imports::{FileShape, ImportOptions, ImportResponse, ImportStatus},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, QueryFilter as _};

use crate::{
    db::{
        column::known,
        entities::imports::{self, Model},
        sql::Sql,
    },
    error::ApiError,
};

/// An import and its progress.
#[derive(Clone, Debug)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// The store it goes into.
    pub store_id: StoreId,
    /// Its status.
    pub status: ImportStatus,
    /// The name of the file.
    pub file_name: String,
    /// The file: its name, or its path once it is placed in a folder.
    pub file_path: std::path::PathBuf,
    /// Its options.
    pub options: ImportOptions,
    /// The layout of the file.
    pub shape: Option<FileShape>,
    /// Its size.
    pub bytes: i64,
    /// Byte and line up to which it has been processed.
    pub position: (u64, u64),
    /// Outcomes so far.
    pub tally: Tally,
    /// Problems so far.
    pub problems: i64,
    /// Customers that the file marks as subscribed, but whose consent stays as it is.
    pub kept_unsubscribed: i64,
    /// Customers that an undo did not revert, in whole or in part.
    pub undo_left: i64,
    /// Why it failed.
    pub error: Option<Refusal>,
    /// When it was requested.
    pub created_at: Timestamp,
    /// When the first row was read.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

impl TryFrom<Model> for Import {
    type Error = DbErr;

    fn try_from(model: Model) -> Result<Self, DbErr> {
        let json = |_| DbErr::Type("an import has a value that is no JSON".to_owned());
        let tally = Tally {
            rows: unsigned(model.row_count),
            created: unsigned(model.created),
            updated: unsigned(model.updated),
            unchanged: unsigned(model.unchanged),
            duplicate_in_file: unsigned(model.duplicate_in_file),
            invalid: unsigned(model.invalid),
        };
        // Imports that failed in earlier releases have a message without a code.
        let code = model.error_code.map(|code| known(RefusalCode::parse(&code), "error_code")).transpose()?;
        let code = code.unwrap_or(RefusalCode::FileUnreadable);
        Ok(Self {
            id: ImportId::new(model.id),
            store_id: StoreId::new(model.store_id),
            status: known(ImportStatus::parse(&model.status), "status")?,
            file_name: model.file_name,
            file_path: model.file_path.into(),
            options: serde_json::from_str(&model.options).map_err(json)?,
            shape: model.shape.map(|shape| serde_json::from_str(&shape)).transpose().map_err(json)?,
            bytes: model.bytes,
            position: (unsigned(model.position_byte), unsigned(model.position_line)),
            tally,
            problems: model.problems,
            kept_unsubscribed: model.kept_unsubscribed,
            undo_left: model.undo_left,
            error: model.error.map(|message| Refusal { code, message }),
            created_at: Timestamp::from_millis(model.created_at),
            started_at: model.started_at.map(Timestamp::from_millis),
            finished_at: model.finished_at.map(Timestamp::from_millis),
        })
    }
}

impl From<Import> for ImportResponse {
    fn from(import: Import) -> Self {
        let Import {
            id,
            store_id: _,
            status,
            file_name,
            file_path: _,
            options,
            shape,
            bytes,
            position,
            tally,
            problems,
            kept_unsubscribed,
            undo_left,
            error,
            created_at,
            started_at,
            finished_at,
        } = import;
        Self {
            id,
            status,
            file_name,
            bytes: unsigned(bytes),
            bytes_done: if status == ImportStatus::Completed { unsigned(bytes) } else { position.0 },
            options,
            shape,
            tally,
            problems: unsigned(problems),
            kept_unsubscribed: unsigned(kept_unsubscribed),
            undo_left: unsigned(undo_left),
            error_code: error.as_ref().map(|error| error.code),
            error: error.map(|error| error.message),
            created_at,
            started_at,
            finished_at,
        }
    }
}

impl Import {
    /// Sets the folder of the file. An absolute path stays as it is.
    pub fn place_in(&mut self, folder: &std::path::Path) {
        self.file_path = folder.join(&self.file_path);
    }

    /// Writes the progress, if the stored position is still `from`.
    ///
    /// # Errors
    /// `ApiError::Conflict` when another worker has advanced the import, or it is not running; otherwise when
    /// the database fails.
    pub async fn advance(&self, db: &impl ConnectionTrait, from: (u64, u64)) -> Result<(), ApiError> {
        let Tally { rows, created, updated, unchanged, duplicate_in_file, invalid } = self.tally;
        let mut sql = Sql::new("UPDATE imports SET position_byte = ");
        sql.bind(signed(self.position.0)).push(", position_line = ").bind(signed(self.position.1));
        for (column, value) in [
            ("row_count", rows),
            ("created", created),
            ("updated", updated),
            ("unchanged", unchanged),
            ("duplicate_in_file", duplicate_in_file),
            ("invalid", invalid),
        ] {
            sql.push(", ").push(column).push(" = ").bind(signed(value));
        }
        // Progress resets the count of attempts.
        sql.push(", attempts = 0, retry_at = 0, problems = ").bind(self.problems);
        sql.push(", kept_unsubscribed = ").bind(self.kept_unsubscribed);
        sql.push(" WHERE store_id = ").bind(self.store_id.uuid()).push(" AND id = ").bind(self.id.uuid());
        sql.push(" AND status = 'running' AND position_byte = ").bind(signed(from.0));
        match sql.execute(db).await?.rows_affected() {
            1 => Ok(()),
            _ => Err(ApiError::Conflict("Somebody else works on this import.")),
        }
    }

    /// Writes the status.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_status(
        &mut self,
        db: &impl ConnectionTrait,
        status: ImportStatus,
        at: Timestamp,
        error: Option<Refusal>,
    ) -> Result<(), ApiError> {
        self.status = status;
        self.error = error;
        match status {
            ImportStatus::Running => self.started_at = self.started_at.or(Some(at)),
            _ if status.is_final() => self.finished_at = Some(at),
            _ => {}
        }
        let mut sql = Sql::new("UPDATE imports SET status = ");
        let error = self.error.as_ref();
        sql.bind(status.as_str()).push(", error = ").bind(error.map(|error| error.message.clone()));
        sql.push(", error_code = ").bind(error.map(|error| error.code.as_str()));
        sql.push(", started_at = ").bind(self.started_at.map(Timestamp::millis));
        sql.push(", finished_at = ").bind(self.finished_at.map(Timestamp::millis));
        if status == ImportStatus::Undoing {
            // The attempts of the import do not count for its undo.
            sql.push(", attempts = 0, retry_at = 0");
        }
        sql.push(", shape = ").bind(self.shape.as_ref().map(serde_json::to_string).transpose()?);
        sql.push(", undo_left = ").bind(self.undo_left);
        sql.push(", position_byte = ").bind(signed(self.position.0));
        sql.push(", position_line = ").bind(signed(self.position.1));
        sql.push(" WHERE store_id = ").bind(self.store_id.uuid()).push(" AND id = ").bind(self.id.uuid());
        sql.execute(db).await?;
        Ok(())
    }
}

/// Reads one import.
///
/// # Errors
/// `ApiError::NotFound` when the store has no such import.
pub async fn find(db: &impl ConnectionTrait, store_id: StoreId, id: ImportId) -> Result<Import, ApiError> {
    let model = imports::Entity::in_store(store_id).filter(imports::Column::Id.eq(id.uuid())).one(db).await?;
    Ok(model.ok_or(ApiError::NotFound("import"))?.try_into()?)
}

/// Unfinished imports that are not waiting for a retry, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn due(db: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<Import>, ApiError> {
    let mut sql = Sql::new("SELECT * FROM imports WHERE status IN ('queued', 'running', 'undoing')");
    sql.push(" AND retry_at <= ").bind(now.millis()).push(" ORDER BY created_at, id");
    let models: Vec<Model> = sql.models(db).await?;
    Ok(models.into_iter().map(Import::try_from).collect::<Result<_, _>>()?)
}

/// Unfinished imports, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn unfinished(db: &impl ConnectionTrait) -> Result<Vec<Import>, ApiError> {
    let models: Vec<Model> = Sql::new(
        "SELECT * FROM imports WHERE status IN ('queued', 'running', 'undoing') ORDER BY created_at, id",
    )
    .models(db)
    .await?;
    Ok(models.into_iter().map(Import::try_from).collect::<Result<_, _>>()?)
}

fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
