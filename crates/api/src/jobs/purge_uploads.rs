//! Deletes import files that are no longer needed: those of dry runs and of refused imports, one day after
//! their last use, and leftovers of interrupted uploads.

use std::{
    collections::HashSet,
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use fanbase_domain::time::Timestamp;
use uuid::Uuid;

use crate::{
    db::Db,
    error::ApiError,
    imports::{progress, service},
};

/// Retention of a file that may be imported again.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// Deletes files that are older than a day as of `now` and not needed by an unfinished import.
///
/// # Errors
/// When the database or the disk fails.
pub async fn run(db: &Db, data_dir: &Path, now: Timestamp) -> Result<(), ApiError> {
    let mut entries = match tokio::fs::read_dir(service::folder(data_dir)).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let unfinished = progress::unfinished(db.read()).await?;
    let needed: HashSet<Uuid> = unfinished.iter().map(|import| import.id.uuid()).collect();
    let now = UNIX_EPOCH + Duration::from_millis(u64::try_from(now.millis()).unwrap_or(0));
    let mut deleted = 0_u64;
    while let Some(entry) = entries.next_entry().await? {
        let path = entry.path();
        // Other files in the folder are left alone.
        let id = path.file_stem().and_then(|stem| Uuid::try_parse(stem.to_str()?).ok());
        let is_old = |at: SystemTime| now.duration_since(at).is_ok_and(|age| age > KEPT);
        if id.is_none_or(|id| needed.contains(&id)) {
            continue;
        }
        let removed = match entry.metadata().await.and_then(|metadata| metadata.modified()) {
            Ok(at) if is_old(at) => tokio::fs::remove_file(&path).await.map(|()| 1),
            Ok(_) => Ok(0),
            Err(error) => Err(error),
        };
        match removed {
            Ok(files) => deleted += files,
            // The import worker, or another server on the same folder, deleted it first.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            // A file owned by another system user must not block the deletion of the others.
            Err(error) => {
                tracing::warn!(file = %path.display(), error.detail = %error, "a file cannot be deleted");
            }
        }
    }
    tracing::debug!(expired.files = deleted, "expired");
    Ok(())
}
