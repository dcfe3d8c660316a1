//! The database: connecting, reading, writing.
//!
//! SQLite has one writer connection and a pool of readers that cannot write, so that a
//! long read never waits for a write nor the other way round. PostgreSQL has one pool.

pub mod bulk;
pub mod connect;
pub mod entities;
pub mod migrations;
pub mod sql;
pub mod transaction;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr};

/// The database of this process. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    writer: DatabaseConnection,
    readers: DatabaseConnection,
}

impl Db {
    /// For statements that only read.
    #[must_use]
    pub fn read(&self) -> &DatabaseConnection {
        &self.readers
    }

    /// For single statements that write; several go through [`transaction::write`].
    #[must_use]
    pub fn write(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Which database it is.
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
        self.writer.close().await
    }
}

/// Whether a connection speaks SQLite's dialect.
pub fn is_sqlite(db: &impl ConnectionTrait) -> bool {
    db.get_database_backend() == DbBackend::Sqlite
}
