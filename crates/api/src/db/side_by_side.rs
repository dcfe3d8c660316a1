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
    /// Begins to read over one connection.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn alone(db: &Db) -> Result<Self, DbErr> {
        Ok(Self { one: db.read().begin().await?, other: None, _turn: None })
    }

    /// Begins to read: over two connections if there are two that nobody uses, and nobody commits
    /// meanwhile.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn begin(db: &Db) -> Result<Self, DbErr> {
        let turn = Arc::clone(&db.side_by_side).try_lock_owned().ok();
        if turn.is_none() || !is_sqlite(db.read()) || !has_two_idle(db) {
            return Self::alone(db).await;
        }
        let before = db.version().await?;
        let (one, other) = (db.read().begin().await?, db.read().begin().await?);
        for snapshot in [&one, &other] {
            // What SQLite shows is settled by the first thing that is read.
            Sql::new("SELECT 1 FROM stores LIMIT 1").one(snapshot).await?;
        }
        if db.version().await? == before {
            Ok(Self { one, other: Some(other), _turn: turn })
        } else {
            Ok(Self { one, other: None, _turn: None })
        }
    }

    /// What to read the one and the other with; it may be the same.
    #[must_use]
    pub fn both(&self) -> (&DatabaseTransaction, &DatabaseTransaction) {
        (&self.one, self.other.as_ref().unwrap_or(&self.one))
    }
}

/// Whether two readers are free: a count does not wait for a second one while it keeps the first from others.
fn has_two_idle(db: &Db) -> bool {
    let pool = db.read().get_sqlite_connection_pool();
    let unopened = pool.options().get_max_connections().saturating_sub(pool.size());
    pool.num_idle() + unopened as usize >= 2
}
