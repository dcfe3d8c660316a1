//! Two connections to SQLite that see the same state, so that two cores share a long count. PostgreSQL
//! divides its statements by itself.

use std::sync::Arc;

use sea_orm::{DatabaseTransaction, DbErr, TransactionTrait as _};
use tokio::sync::OwnedMutexGuard;

use super::{Db, is_sqlite, sql::Sql};

/// A snapshot to read two things from.
#[derive(Debug)]
pub struct SideBySide {
    one: DatabaseTransaction,
    /// Another of the same state.
    other: Option<DatabaseTransaction>,
    /// One at a time has two connections: of several who have one and wait for a second, none would go on.
    _turn: Option<OwnedMutexGuard<()>>,
}

impl SideBySide {
    /// Begins to read: over two connections if one is free and nobody commits meanwhile.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn begin(db: &Db) -> Result<Self, DbErr> {
        let turn = Arc::clone(&db.side_by_side).try_lock_owned().ok();
        if turn.is_none() || !is_sqlite(db.read()) {
            return Ok(Self { one: db.read().begin().await?, other: None, _turn: None });
        }
        let before = db.version().await?;
        let (one, other) = (db.read().begin().await?, db.read().begin().await?);
        for snapshot in [&one, &other] {
            // What SQLite shows is settled by the first thing that is read.
            Sql::new("SELECT 1 FROM stores LIMIT 1").one(snapshot).await?;
        }
        let is_same = db.version().await? == before;
        Ok(Self { one, other: is_same.then_some(other), _turn: turn })
    }

    /// What to read the one and the other with; it may be the same.
    #[must_use]
    pub fn both(&self) -> (&DatabaseTransaction, &DatabaseTransaction) {
        (&self.one, self.other.as_ref().unwrap_or(&self.one))
    }
}
