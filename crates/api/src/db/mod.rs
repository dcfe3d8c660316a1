//! The database: connections, transactions, statements.
//!
//! Readers are a pool of read-only connections, so that a long read never waits for a write, nor a write for
//! a read. SQLite has one writer connection beside them, PostgreSQL a pool.

pub mod audit_log;
pub mod bulk;
pub mod bulk_load;
pub mod checkpoints;
pub mod column;
pub mod connect;
pub mod distribution;
pub mod email_hash;
pub mod entities;
pub mod json_rows;
pub mod long_reads;
pub mod migrations;
pub mod periods;
mod process_lock;
pub mod sql;
pub mod transaction;

use std::{
    fs::{File, TryLockError},
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr};

/// The database of this process. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    writer: DatabaseConnection,
    readers: DatabaseConnection,
    /// For [`checkpoints::run`]; SQLite only.
    checkpoints: Option<DatabaseConnection>,
    /// Transactions that this process committed.
    commits: Arc<AtomicU64>,
    /// Transactions that wait for the writer.
    waiting: Arc<AtomicUsize>,
    /// The lock that is held as long as a SQLite file is open.
    opened: Option<process_lock::Opened>,
    /// The lock file of the server of a SQLite file, from which other processes detect the server.
    served: Option<Arc<File>>,
    /// Whether this process serves the database.
    serves: Arc<AtomicBool>,
}

impl Db {
    /// The connections for queries.
    #[must_use]
    pub fn read(&self) -> &DatabaseConnection {
        &self.readers
    }

    /// The connection for single write statements; several in one transaction go through
    /// [`transaction::write`].
    #[must_use]
    pub fn write(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// The number of transactions that this process has committed. While it stays the same, only other
    /// processes can have changed the data.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::SeqCst)
    }

    /// Whether another transaction waits for the writer, so that a long transaction should end.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// Marks this process as the server of the database, which runs [`checkpoints::run`].
    ///
    /// # Errors
    /// When the lock file cannot be locked, or the database fails.
    pub async fn serve(&self) -> Result<(), DbErr> {
        self.serves.store(true, Ordering::Relaxed);
        let Some(file) = &self.served else { return Ok(()) };
        // A second server on the same file is allowed.
        if let Err(TryLockError::Error(error)) = file.try_lock() {
            return Err(lock_failed(error));
        }
        checkpoints::take_over(self).await
    }

    /// Whether this process serves the database, so that other transactions may wait for the writer.
    #[must_use]
    pub fn is_served_here(&self) -> bool {
        self.serves.load(Ordering::Relaxed)
    }

    /// Whether another process serves the same SQLite file.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        // Probing would release the lock that the server holds.
        if self.is_served_here() {
            return false;
        }
        self.served.as_ref().is_some_and(|file| match file.try_lock_shared() {
            Ok(()) => file.unlock().is_err(),
            Err(_) => true,
        })
    }

    /// The kind of database.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.writer.get_database_backend()
    }

    /// Closes all connections; SQLite then folds its write-ahead log into the file.
    ///
    /// # Errors
    /// Returns the error of the driver.
    pub async fn close(self) -> Result<(), DbErr> {
        self.readers.close().await?;
        if let Some(checkpoints) = self.checkpoints {
            checkpoints.close().await?;
        }
        self.writer.close().await
    }
}

/// Counts a transaction as waiting until it is dropped.
struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    fn new(db: &Db) -> Self {
        db.waiting.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(&db.waiting))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The error for a lock file that could not be created or locked.
fn lock_failed(error: io::Error) -> DbErr {
    DbErr::Custom(format!("the lock file: {error}"))
}

/// Whether a connection speaks SQLite's dialect.
pub fn is_sqlite(db: &impl ConnectionTrait) -> bool {
    db.get_database_backend() == DbBackend::Sqlite
}
