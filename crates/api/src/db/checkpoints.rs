//! Moves SQLite's log into the database while it is served, beside who writes.
//!
//! SQLite does it by itself, too: whoever commits when the log is long moves all of it, and whoever wants to
//! write waits meanwhile. <https://www.sqlite.org/wal.html#performance_considerations>

use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DbErr};

use super::{Db, version::Versions};

/// How often it is looked how long the log has become.
const LOOK: Duration = Duration::from_millis(50);
/// Pages that are worth it: 8 MiB.
const WORTH_IT: u32 = 1_000;
/// From so many pages on, 256 MiB, whoever commits moves what is left: only then a log that somebody
/// writes to all the time begins anew.
const AT_LEAST_THEN: u32 = 32_000;
/// What is left of the file when the log begins anew, in bytes: 64 MiB.
const KEPT: u32 = 64 << 20;

/// Leaves moving the log to [`run`].
pub(super) async fn take_over(db: &Db) -> Result<(), DbErr> {
    let settings =
        format!("PRAGMA wal_autocheckpoint = {AT_LEAST_THEN}; PRAGMA journal_size_limit = {KEPT};");
    db.write().execute_unprepared(&settings).await.map(drop)
}

/// Moves the log whenever it is worth it, for as long as it is polled.
pub async fn run(db: &Db) {
    let Versions::Sqlite(index) = &db.versions else { return };
    let mut fails = false;
    loop {
        tokio::time::sleep(LOOK).await;
        let moved = match index.pending() {
            Ok(pages) if pages < WORTH_IT => continue,
            Ok(_) => index.checkpoint().await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        // Told once, not at every look: whoever commits moves it then.
        if let (Err(error), false) = (&moved, fails) {
            tracing::warn!(error.detail = %error, "the log of the database was not moved");
        }
        fails = moved.is_err();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::connect::connect;

    #[tokio::test]
    async fn a_long_log_is_moved_without_a_commit() {
        let folder = tempfile::tempdir().unwrap();
        let db =
            connect(&format!("sqlite://{}", folder.path().join("test.db").display()), None).await.unwrap();
        db.serve().await.unwrap();
        let Versions::Sqlite(index) = &db.versions else { unreachable!("it is SQLite") };
        // 16 MiB in one transaction: more than is worth it, less than makes a commit move them.
        let written = "CREATE TABLE big (bytes BLOB); INSERT INTO big VALUES (randomblob(16777216))";
        db.write().execute_unprepared(written).await.unwrap();
        assert!(index.pending().unwrap() > WORTH_IT);
        let moving = async {
            while index.pending().unwrap() > 0 {
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::select! {
            () = run(&db) => unreachable!("it looks for ever"),
            () = moving => {}
            () = tokio::time::sleep(Duration::from_secs(30)) => panic!("{:?} pages are left", index.pending()),
        }
        db.close().await.unwrap();
    }
}
