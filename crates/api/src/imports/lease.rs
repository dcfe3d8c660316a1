//! Leases on imports: one process at a time runs an import, even among servers that share only the database.
//! An import without progress is retried at increasing intervals.
//!
//! A lease is a claim in the import's row that expires unless renewed. A restarted server has the worker id
//! of the killed one, and need not wait for its lease to expire. Processes on the same folder exclude each
//! other by a lock file (`runner::lock`).

use std::{path::Path, time::Duration};

use fanbase_domain::time::Timestamp;
use sea_orm::{ConnectionTrait, DbErr};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::progress::Import;
use crate::{
    clock,
    db::{Db, sql::Sql},
    error::ApiError,
};

/// Time after which an unrenewed lease expires.
const LEASE: Duration = Duration::from_secs(60);
const RENEW_EVERY: Duration = Duration::from_secs(20);
/// Starts without progress after which an import fails.
pub(super) const ATTEMPTS: i64 = 10;
/// Maximum backoff between two starts.
const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);

/// The worker id of the servers and commands that use a folder of files.
///
/// # Errors
/// When the folder cannot be created or written to.
pub(super) async fn worker(folder: &Path) -> std::io::Result<Uuid> {
    tokio::fs::create_dir_all(folder).await?;
    let path = folder.join("worker-id");
    match tokio::fs::read_to_string(&path).await {
        Ok(text) => {
            let known = Uuid::try_parse(text.trim());
            known.map_err(|_| std::io::Error::other(format!("{} is damaged", path.display())))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let id = Uuid::now_v7();
            // Two processes that create it concurrently must agree: the first one wins.
            match tokio::fs::OpenOptions::new().write(true).create_new(true).open(&path).await {
                Ok(mut file) => {
                    tokio::io::AsyncWriteExt::write_all(&mut file, id.to_string().as_bytes()).await?;
                    file.sync_all().await?;
                    Ok(id)
                }
                Err(error) => Err(error),
            }
        }
        Err(error) => Err(error),
    }
}

/// A lease that is renewed until it is dropped.
#[derive(Debug)]
pub(super) struct Lease {
    renewal: JoinHandle<()>,
    /// Number of starts without progress, including this one.
    pub(super) attempts: i64,
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewal.abort();
    }
}

/// Claims an import; `None` when another worker holds the lease. From the third start without progress on,
/// the next start is delayed, so that an import that crashes the process does not crash it again at once.
///
/// # Errors
/// When the database fails.
pub(super) async fn claim(
    db: &Db,
    import: &Import,
    worker: Uuid,
    now: Timestamp,
) -> Result<Option<Lease>, ApiError> {
    let mut sql = Sql::new("UPDATE imports SET attempts = attempts + 1, worker = ");
    sql.bind(worker).push(", lease_until = ").bind(after(now, LEASE));
    sql.push(" WHERE store_id = ").bind(import.store_id.uuid()).push(" AND id = ").bind(import.id.uuid());
    sql.push(" AND (worker IS NULL OR worker = ").bind(worker);
    sql.push(" OR lease_until < ").bind(now.millis()).push(") RETURNING attempts");
    let Some(row) = sql.one(db.write()).await? else { return Ok(None) };
    let attempts = row.try_get_by_index(0)?;
    let mut sql = Sql::new("UPDATE imports SET retry_at = ");
    sql.bind(after(now, pause(attempts)));
    of(&mut sql, import, worker);
    sql.execute(db.write()).await?;
    let renewal = tokio::spawn(renew(db.clone(), import.clone(), worker));
    Ok(Some(Lease { renewal, attempts }))
}

/// Releases the lease.
///
/// # Errors
/// Returns the error of the database; the lease then expires.
pub(super) async fn release(db: &impl ConnectionTrait, import: &Import, worker: Uuid) -> Result<(), DbErr> {
    let mut sql = Sql::new("UPDATE imports SET worker = NULL, lease_until = NULL");
    of(&mut sql, import, worker);
    sql.execute(db).await.map(drop)
}

async fn renew(db: Db, import: Import, worker: Uuid) {
    loop {
        tokio::time::sleep(RENEW_EVERY).await;
        let mut sql = Sql::new("UPDATE imports SET lease_until = ");
        sql.bind(after(clock::now(), LEASE));
        of(&mut sql, &import, worker);
        if let Err(error) = sql.execute(db.write()).await {
            let detail = ApiError::from(error).log_detail();
            tracing::warn!(import.id = %import.id, error.detail = detail, "a lease was not renewed");
        }
    }
}

fn of(sql: &mut Sql, import: &Import, worker: Uuid) {
    sql.push(" WHERE store_id = ").bind(import.store_id.uuid()).push(" AND id = ").bind(import.id.uuid());
    sql.push(" AND worker = ").bind(worker);
}

fn after(now: Timestamp, pause: Duration) -> i64 {
    now.millis().saturating_add(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX))
}

/// Backoff after this many starts without progress: zero after the first two, then 3, 9, 27 seconds and so
/// on, up to an hour.
fn pause(attempts: i64) -> Duration {
    let exponent = u32::try_from(attempts - 2).unwrap_or(0);
    match exponent {
        0 => Duration::ZERO,
        _ => Duration::from_secs(3_u64.saturating_pow(exponent)).min(LONGEST_PAUSE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_from_the_third_start_without_progress() {
        let seconds: Vec<u64> = (1..=11).map(|attempts| pause(attempts).as_secs()).collect();
        assert_eq!(seconds, [0, 0, 3, 9, 27, 81, 243, 729, 2_187, 3_600, 3_600]);
    }

    #[tokio::test]
    async fn a_folder_has_one_worker() {
        let folder = tempfile::tempdir().unwrap();
        let first = worker(&folder.path().join("imports")).await.unwrap();
        assert_eq!(worker(&folder.path().join("imports")).await.unwrap(), first);
    }
}
