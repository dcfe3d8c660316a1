//! Background checkpoints of SQLite: moves the write-ahead log into the database while it is served.
//!
//! SQLite's automatic checkpoints run within a commit, and the next writer waits until the whole log is
//! moved. <https://www.sqlite.org/wal.html#performance_considerations>

use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbErr};

use super::Db;

/// The pause between two checkpoints.
const INTERVAL: Duration = Duration::from_secs(1);
/// A commit runs the checkpoint itself when the log exceeds so many pages, 256 MiB. Under constant writes,
/// the log restarts from its beginning only then.
const AUTOCHECKPOINT_PAGES: u32 = 32_000;
/// The size to which the log file is truncated when it restarts, in bytes: 64 MiB.
const KEPT: u32 = 64 << 20;

/// Raises SQLite's own limits, so that [`run`] runs the checkpoints.
pub(super) async fn take_over(db: &Db) -> Result<(), DbErr> {
    let settings =
        format!("PRAGMA wal_autocheckpoint = {AUTOCHECKPOINT_PAGES}; PRAGMA journal_size_limit = {KEPT};");
    db.write().execute_unprepared(&settings).await.map(drop)
}

/// Runs a checkpoint every second for as long as it is polled; returns at once on PostgreSQL.
pub async fn run(db: &Db) {
    let Some(connection) = &db.checkpoints else { return };
    let mut fails = false;
    loop {
        tokio::time::sleep(INTERVAL).await;
        let done = checkpoint(connection).await;
        // Logged once, not every second: until it works again, commits run the checkpoint.
        if let (Err(error), false) = (&done, fails) {
            tracing::warn!(error.detail = %error, "a checkpoint of the database failed");
        }
        fails = done.is_err();
    }
}

/// Runs a passive checkpoint; never blocks readers or writers.
async fn checkpoint(connection: &DatabaseConnection) -> Result<(), DbErr> {
    connection.execute_unprepared("PRAGMA wal_checkpoint(PASSIVE)").await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::connect::connect;

    #[tokio::test]
    async fn a_long_log_is_moved_without_a_commit() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("test.db");
        let db = connect(&format!("sqlite://{}", file.display()), None).await.unwrap();
        db.serve().await.unwrap();
        // 16 MiB in one transaction: less than the limit at which a commit runs the checkpoint.
        let written = "CREATE TABLE big (bytes BLOB); INSERT INTO big VALUES (randomblob(16777216))";
        db.write().execute_unprepared(written).await.unwrap();
        let size = || std::fs::metadata(&file).map_or(0, |file| file.len());
        assert!(size() < 16 << 20, "the log has it");
        let moved = async {
            while size() < 16 << 20 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::select! {
            () = run(&db) => unreachable!("it never ends"),
            () = moved => {}
            () = tokio::time::sleep(Duration::from_secs(60)) => panic!("{} bytes were moved", size()),
        }
        db.close().await.unwrap();
    }
}
