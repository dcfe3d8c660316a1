//! Opens the database that a URL names.

use crate::config::sqlite_file;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use sea_orm::{ConnectOptions, Database, DbErr};
use sqlx::{
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous},
};

use super::{Db, bulk_load, distribution, lock_failed, process_lock::Opened};

/// Reader connections to SQLite; more than cores, since some wait for the disk.
const SQLITE_READERS: u32 = 4;
/// Writer connections to PostgreSQL.
const POSTGRES_WRITERS: u32 = 12;
/// Reader connections to PostgreSQL.
const POSTGRES_READERS: u32 = 8;
/// The `application_name` of the connections to PostgreSQL.
const APPLICATION: &str = "fanbase";
/// How long a request waits for a connection before it fails with 503.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a writer waits for another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes of a page: an import of a million rows writes a third fewer than with 4 KiB.
const PAGE_SIZE: u32 = 8192;
/// Pages between checkpoints: 64 MiB of log, so that an import does not pause every 8 MiB.
const AUTOCHECKPOINT_PAGES: &str = "8192";
/// Page cache of the writer in KiB (negative by SQLite's convention).
pub(super) const WRITER_CACHE: &str = "-65536";
/// Page cache of each reader in KiB; the file is mapped as well.
const READER_CACHE: &str = "-8192";
/// Bytes of the file that are memory-mapped, which shares the operating system's cache. SQLite caps the value
/// at its compile-time limit, 2 GiB.
const MMAP_BYTES: &str = "2147418112";

/// Instructions of SQLite's virtual machine between two checks of the time limit: about a millisecond.
const INSTRUCTIONS_PER_LOOK: i32 = 100_000;

/// Opens the database at `url` (`sqlite://…` or `postgres://…`). Queries on reader connections are
/// interrupted after `read_limit`, if it is set.
///
/// # Errors
/// When the URL has another scheme, or the database cannot be opened.
pub async fn connect(url: &str, read_limit: Option<Duration>) -> Result<Db, DbErr> {
    if url.starts_with("sqlite:") {
        sqlite(url, read_limit).await
    } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        postgres(url, read_limit).await
    } else {
        Err(DbErr::Custom("The database URL must start with sqlite:// or postgres://.".to_owned()))
    }
}

async fn sqlite(url: &str, read_limit: Option<Duration>) -> Result<Db, DbErr> {
    if let Some(folder) = sqlite_file(url).as_deref().and_then(std::path::Path::parent) {
        std::fs::create_dir_all(folder)
            .map_err(|error| DbErr::Custom(format!("{} cannot be created: {error}.", folder.display())))?;
    }
    let opened = match sqlite_file(url) {
        Some(file) => Some(Opened::wait(&file).await.map_err(lock_failed)?),
        None => None,
    };
    let mut writer = options(url, 1);
    writer.map_sqlx_sqlite_opts(|options| {
        durable(options)
            .create_if_missing(true)
            .page_size(PAGE_SIZE)
            .pragma("wal_autocheckpoint", AUTOCHECKPOINT_PAGES)
            .pragma("cache_size", WRITER_CACHE)
    });
    let writer = Database::connect(writer).await?;
    let mut readers = options(url, SQLITE_READERS);
    readers.map_sqlx_sqlite_opts(|options| {
        durable(options)
            .pragma("query_only", "ON")
            .pragma("cache_size", READER_CACHE)
            .pragma("mmap_size", MMAP_BYTES)
    });
    if let Some(limit) = read_limit {
        readers.map_sqlx_sqlite_pool_opts(move |pool| {
            pool.after_connect(move |connection, _| Box::pin(interrupt_after(connection, limit)))
                .before_acquire(move |connection, _| {
                    Box::pin(async move { interrupt_after(connection, limit).await.map(|()| true) })
                })
        });
    }
    let readers = Database::connect(readers).await?;
    let mut checkpoints = options(url, 1);
    checkpoints.connect_lazy(true);
    checkpoints.map_sqlx_sqlite_opts(|options| durable(options).pragma("query_only", "ON"));
    let checkpoints = Database::connect(checkpoints).await?;
    let lock = sqlite_file(url).map(|file| std::fs::File::create(file.with_extension("serving")));
    let served = lock.transpose().map_err(lock_failed)?;
    let db = Db {
        writer,
        readers,
        checkpoints: Some(checkpoints),
        commits: Arc::default(),
        waiting: Arc::default(),
        opened,
        served: served.map(Arc::new),
        serves: Arc::default(),
    };
    bulk_load::put_back(&db).await?;
    Ok(db)
}

/// Interrupts the connection's queries `limit` from now. SQLite has no time limit of its own, and dropping a
/// query does not stop it.
async fn interrupt_after(connection: &mut SqliteConnection, limit: Duration) -> Result<(), sqlx::Error> {
    let end = Instant::now() + limit;
    let mut handle = connection.lock_handle().await?;
    handle.set_progress_handler(INSTRUCTIONS_PER_LOOK, move || Instant::now() < end);
    Ok(())
}

/// The options of every connection to SQLite. FULL: a committed transaction survives a power cut.
fn durable(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        .pragma("temp_store", "MEMORY")
        .statement_cache_capacity(200)
}

async fn postgres(url: &str, read_limit: Option<Duration>) -> Result<Db, DbErr> {
    let mut writer = options(url, POSTGRES_WRITERS);
    writer.map_sqlx_postgres_opts(planned);
    let mut readers = options(url, POSTGRES_READERS);
    readers.map_sqlx_postgres_opts(move |options| {
        // 0 disables the limit.
        let milliseconds = read_limit.map_or(0, |limit| limit.as_millis()).to_string();
        // A transaction is a snapshot from its start, without a statement that requests it.
        planned(options).options([
            ("default_transaction_isolation", "repeatable read"),
            ("default_transaction_read_only", "on"),
            ("statement_timeout", milliseconds.as_str()),
        ])
    });
    let writer = Database::connect(writer).await?;
    distribution::detect(&writer).await?;
    Ok(Db {
        writer,
        readers: Database::connect(readers).await?,
        checkpoints: None,
        commits: Arc::default(),
        waiting: Arc::default(),
        opened: None,
        served: None,
        serves: Arc::default(),
    })
}

/// Custom plans only: a generic plan may read a million rows where the plan for the bound value reads ten.
fn planned(options: PgConnectOptions) -> PgConnectOptions {
    options.application_name(APPLICATION).options([("plan_cache_mode", "force_custom_plan"), ("jit", "off")])
}

fn options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .sqlx_logging(false)
        .test_before_acquire(false);
    options
}
