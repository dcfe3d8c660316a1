//! Transactions that write.

use std::{future::Future, pin::Pin, sync::atomic::Ordering, time::Duration};

use sea_orm::{
    ConnectionTrait as _, DatabaseTransaction, DbErr, RuntimeErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};

use super::{Db, Waiting, is_sqlite};
use crate::error::ApiError;

/// How often a transaction is tried that lost against another.
const ATTEMPTS: u32 = 8;

/// What a transaction is made of.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, ApiError>> + Send + 'a>>;

/// Runs `work` in one transaction: all of it happens, or nothing.
///
/// On SQLite it holds the writer from the start. On PostgreSQL it is tried again when
/// it lost against another transaction (deadlock, serialization failure, a row that
/// somebody else wrote first), so `work`
/// must do nothing but use the transaction.
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
                // What went wrong first is what counts; a transaction that is dropped is rolled back, too.
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

/// Starts a transaction that holds SQLite's writer from the start.
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
    // Also when the answer was lost: it may be committed all the same.
    db.commits.fetch_add(1, Ordering::SeqCst);
    Ok(outcome?)
}

/// Lets a transaction end before it is on PostgreSQL's disk: for work that is done again if a crash of the
/// database forgets it, since where it stood is forgotten with it.
///
/// # Errors
/// Returns the error of the database.
pub async fn may_be_forgotten(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    if is_sqlite(tx) {
        return Ok(());
    }
    tx.execute_unprepared("SET LOCAL synchronous_commit = off").await.map(drop)
}

/// Whether it may go well the next time.
fn is_passing(error: &ApiError) -> bool {
    match error {
        ApiError::Overtaken => true,
        ApiError::Database(error) => lost_against_another(error),
        _ => false,
    }
}

/// Deadlocks, serialization failures, and locks that were not free in time.
#[must_use]
pub fn lost_against_another(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return false;
    };
    let code = error.as_database_error().and_then(|error| error.code());
    matches!(code.as_deref(), Some("40001" | "40P01" | "55P03"))
}
