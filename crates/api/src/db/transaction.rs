//! Write transactions, with retries.

use std::{future::Future, pin::Pin, sync::atomic::Ordering, time::Duration};

use sea_orm::{
    ConnectionTrait as _, DatabaseTransaction, DbErr, RuntimeErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};

use super::{Db, Waiting, is_sqlite};
use crate::error::ApiError;

/// Attempts per transaction that loses a conflict with another.
const ATTEMPTS: u32 = 8;

/// The work of a transaction.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, ApiError>> + Send + 'a>>;

/// Runs `work` in one transaction: all of it is committed, or nothing.
///
/// On SQLite, the transaction holds the writer from the start. On PostgreSQL, it is retried when it lost a
/// conflict with another transaction (deadlock, serialization failure, a row that another transaction wrote
/// first). So `work` must have no effects outside the transaction.
///
/// # Errors
/// Returns the error of `work` or of the database; nothing was changed then.
pub async fn write<T, F>(db: &Db, mut work: F) -> Result<T, ApiError>
where
    F: for<'a> FnMut(&'a DatabaseTransaction) -> Work<'a, T>,
{
    let mut attempt = 1;
    loop {
        let transaction = begin(db).await?;
        let outcome = match work(&transaction).await {
            Ok(value) => commit(db, transaction).await.map(|()| value),
            Err(error) => {
                // The first error is the one to return; a dropped transaction is rolled back, too.
                if let Err(failed) = transaction.rollback().await {
                    tracing::warn!(error.detail = ApiError::from(failed).log_detail(), "a rollback failed");
                }
                Err(error)
            }
        };
        match outcome {
            Err(error) if attempt < ATTEMPTS && is_passing(&error) => {
                tokio::time::sleep(Duration::from_millis(5 << attempt)).await;
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

/// Begins a transaction that holds SQLite's writer from the start (`BEGIN IMMEDIATE`).
///
/// # Errors
/// When the writer is not free in time.
pub async fn begin(db: &Db) -> Result<DatabaseTransaction, ApiError> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let _waiting = Waiting::new(db);
    Ok(db.write().begin_with_options(options).await?)
}

/// Commits a transaction of [`begin`].
///
/// # Errors
/// Returns the error of the database.
pub async fn commit(db: &Db, transaction: DatabaseTransaction) -> Result<(), ApiError> {
    let outcome = transaction.commit().await;
    // Also when the response was lost: the transaction may have been committed.
    db.commits.fetch_add(1, Ordering::SeqCst);
    Ok(outcome?)
}

/// Disables PostgreSQL's synchronous commit for a transaction. For work whose progress is stored in the same
/// transaction: if a crash of the database loses both, the work is repeated.
///
/// # Errors
/// Returns the error of the database.
pub async fn may_be_forgotten(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    if is_sqlite(tx) {
        return Ok(());
    }
    tx.execute_unprepared("SET LOCAL synchronous_commit = off").await.map(drop)
}

/// Whether a retry may succeed.
fn is_passing(error: &ApiError) -> bool {
    match error {
        ApiError::Overtaken => true,
        ApiError::Database(error) => lost_against_another(error),
        _ => false,
    }
}

/// Whether the error is a deadlock, a serialization failure, or a lock that was not free in time.
#[must_use]
pub fn lost_against_another(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return false;
    };
    let code = error.as_database_error().and_then(|error| error.code());
    matches!(code.as_deref(), Some("40001" | "40P01" | "55P03"))
}
