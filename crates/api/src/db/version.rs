//! What tells one committed state of the database from another.
//!
//! As long as the version is the same, nothing was committed by anybody, in this process or another, and
//! what was read before still holds. See ADR 14.

use std::{
    fmt,
    fs::File,
    future::Future,
    io,
    mem::ManuallyDrop,
    os::unix::fs::FileExt as _,
    path::Path,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use futures_util::{FutureExt as _, future::Shared};
use sea_orm::{DbErr, RuntimeErr};
use sqlx::{
    Connection as _, PgConnection, SqliteConnection, postgres::PgConnectOptions, sqlite::SqliteConnectOptions,
};
use tokio::sync::Mutex as AsyncMutex;

/// A committed state of the database, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(Arc<[u8]>);

impl Version {
    /// One that is like no other.
    fn unknown() -> Self {
        static UNKNOWN: AtomicU64 = AtomicU64::new(0);
        Self(UNKNOWN.fetch_add(1, Ordering::Relaxed).to_ne_bytes().as_slice().into())
    }

    #[cfg(test)]
    pub(super) fn named(name: &str) -> Self {
        Self(name.as_bytes().into())
    }
}

/// Tells the version.
#[derive(Clone)]
pub(super) enum Versions {
    /// From the index of SQLite's log.
    Sqlite(Arc<LogIndex>),
    /// From the snapshot of a PostgreSQL statement.
    Postgres(Arc<Snapshots>),
}

impl Versions {
    /// The version of now or a moment later.
    pub(super) async fn current(&self) -> Result<Version, DbErr> {
        match self {
            Self::Sqlite(index) => index.version().map_err(|error| DbErr::Custom(error.to_string())),
            Self::Postgres(snapshots) => Arc::clone(snapshots).version().await,
        }
    }

    pub(super) async fn close(&self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(index) => index.close().await,
            Self::Postgres(snapshots) => snapshots.close().await,
        }
    }
}

impl fmt::Debug for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Versions")
    }
}

/// The `-shm` file of a SQLite database in WAL mode, by whose header SQLite's own connections see whether
/// their caches still hold. It begins with two copies of the header, of which the second is written first;
/// while they differ, a commit is being entered. <https://www.sqlite.org/walformat.html#walidxfmt>
pub(super) struct LogIndex {
    /// Never closed: that would end the locks of SQLite, which are the process's.
    /// <https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_>
    file: ManuallyDrop<File>,
    /// Keeps the file from being removed, as it is when the last connection is closed; and moves the log.
    keeper: AsyncMutex<Option<SqliteConnection>>,
}

/// Bytes of a copy of the header.
const HEADER: usize = 48;
/// Where the header says how many pages were written to the log, and what follows it how many of them
/// are in the database.
const WRITTEN: usize = 16;
const MOVED: usize = 2 * HEADER;
/// How often it is looked whether both copies are the same.
const LOOKS: usize = 20;

impl LogIndex {
    pub(super) async fn open(path: &Path, options: &SqliteConnectOptions) -> Result<Self, DbErr> {
        let mut keeper = SqliteConnection::connect_with(options).await.map_err(failed)?;
        // Whoever reads first makes the file.
        sqlx::query("SELECT 1 FROM sqlite_schema").fetch_optional(&mut keeper).await.map_err(failed)?;
        let mut name = path.as_os_str().to_owned();
        name.push("-shm");
        let file =
            File::open(&name).map_err(|error| DbErr::Custom(format!("{}: {error}", name.display())))?;
        Ok(Self { file: ManuallyDrop::new(file), keeper: AsyncMutex::new(Some(keeper)) })
    }

    fn version(&self) -> io::Result<Version> {
        let mut copies = [0; 2 * HEADER];
        for _ in 0..LOOKS {
            self.file.read_exact_at(&mut copies, 0)?;
            let (first, second) = copies.split_at(HEADER);
            if first == second {
                return Ok(Version(first.into()));
            }
        }
        Ok(Version::unknown())
    }

    /// Pages of the log that are not in the database yet.
    pub(super) fn pending(&self) -> io::Result<u32> {
        let mut bytes = [0; MOVED + 4];
        self.file.read_exact_at(&mut bytes, 0)?;
        let word = |at: usize| u32::from_ne_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        Ok(word(WRITTEN).saturating_sub(word(MOVED)))
    }

    /// Moves what of the log nobody reads any more into the database. Waits for nobody, and nobody waits.
    pub(super) async fn checkpoint(&self) -> Result<(), DbErr> {
        if let Some(keeper) = self.keeper.lock().await.as_mut() {
            sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(keeper).await.map_err(failed)?;
        }
        Ok(())
    }

    async fn close(&self) -> Result<(), DbErr> {
        match self.keeper.lock().await.take() {
            Some(keeper) => keeper.close().await.map_err(failed),
            None => Ok(()),
        }
    }
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error)))
}

/// Snapshots of PostgreSQL: two of the same text see the same transactions. Whoever asks at the same time
/// shares one, which is taken after the last of them asked.
/// <https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT>
pub(super) struct Snapshots {
    options: PgConnectOptions,
    /// For one look at a time. Not of a pool, which asks every connection that it gets back whether it
    /// is well: that would be a second look.
    connection: AsyncMutex<Option<PgConnection>>,
    /// What whoever comes now shares: it has not begun.
    next: Mutex<Option<Shared<Look>>>,
}

type Look = Pin<Box<dyn Future<Output = Result<Version, DbErr>> + Send>>;

impl Snapshots {
    pub(super) fn of(options: PgConnectOptions) -> Self {
        Self { options, connection: AsyncMutex::default(), next: Mutex::default() }
    }

    async fn close(&self) -> Result<(), DbErr> {
        match self.connection.lock().await.take() {
            Some(connection) => connection.close().await.map_err(failed),
            None => Ok(()),
        }
    }

    async fn version(self: Arc<Self>) -> Result<Version, DbErr> {
        let look = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            next.get_or_insert_with(|| Arc::clone(&self).look().boxed().shared()).clone()
        };
        look.await
    }

    async fn look(self: Arc<Self>) -> Result<Version, DbErr> {
        let mut connection = self.connection.lock().await;
        // Who comes from here on may know of something that this look does not see.
        drop(self.next.lock().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(kept) = connection.as_mut()
            && let Ok(version) = snapshot(kept).await
        {
            return Ok(version);
        }
        // There is none yet, or the database was started anew.
        let mut fresh = PgConnection::connect_with(&self.options).await.map_err(failed)?;
        let version = snapshot(&mut fresh).await.map_err(failed)?;
        *connection = Some(fresh);
        Ok(version)
    }
}

async fn snapshot(connection: &mut PgConnection) -> Result<Version, sqlx::Error> {
    let text: String =
        sqlx::query_scalar("SELECT CAST(pg_current_snapshot() AS TEXT)").fetch_one(connection).await?;
    Ok(Version(text.into_bytes().into()))
}
