//! Bulk loads into a SQLite database that no other process has open. Indexes that only lists read are dropped
//! first and rebuilt at the end: building an index from sorted rows takes a fraction of the time.
//!
//! The dropped indexes are recorded in the database. If the load fails, the next process that opens the
//! database rebuilds them.

use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbErr, QueryResult, TransactionTrait as _};

use super::{Db, connect::WRITER_CACHE, lock_failed, sql::Sql};

/// Sorting spills into files: in memory, it would grow with the table.
const SORTING: &str = "PRAGMA temp_store = FILE; PRAGMA cache_size = -8192; PRAGMA threads = 1";

/// The tables that a load writes.
#[derive(Clone, Copy, Debug)]
pub struct Written {
    /// Tables.
    pub tables: &'static [&'static str],
    /// Their indexes that the load reads, which are not dropped. Unique indexes are never dropped.
    pub read: &'static [&'static str],
}

/// A bulk load in progress, with an exclusive lock on the database.
#[derive(Debug)]
#[must_use = "the indexes are put back when it ends"]
pub struct BulkLoad(Db);

impl BulkLoad {
    /// Begins a load; `None` if the database is not SQLite, or is served here, or another process has it
    /// open.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn begin(db: &Db, written: Written) -> Result<Option<Self>, DbErr> {
        let Some(opened) = &db.opened else { return Ok(None) };
        if db.is_served_here() || !opened.take_alone().map_err(lock_failed)? {
            return Ok(None);
        }
        let load = Self(db.clone());
        let tx = db.write().begin().await?;
        for name in write_down(&tx, written).await? {
            tx.execute_unprepared(&format!("DROP INDEX {name}")).await?;
        }
        tx.commit().await?;
        Ok(Some(load))
    }

    /// Ends the load: rebuilds the indexes, then lets other processes open the database.
    ///
    /// # Errors
    /// Returns the error of the database; the next process that opens it tries again.
    pub async fn end(self) -> Result<(), DbErr> {
        put_back(&self.0).await
    }
}

impl Drop for BulkLoad {
    fn drop(&mut self) {
        if let Some(opened) = &self.0.opened
            && let Err(error) = opened.share()
        {
            tracing::warn!(error.detail = %error, "nobody else can open the database");
        }
    }
}

/// An upper bound for the number of rows of a table.
///
/// # Errors
/// Returns the error of the database.
pub async fn rows_at_most(db: &Db, table: &str) -> Result<i64, DbErr> {
    Sql::new(&format!("SELECT MAX(rowid) FROM {table}")).number(db.read()).await
}

/// Records the indexes that a load drops, each with its planner statistics; returns their names.
async fn write_down(tx: &DatabaseTransaction, written: Written) -> Result<Vec<String>, DbErr> {
    let mut sql = Sql::new(
        "INSERT INTO set_aside (name, sql, stat)
         SELECT name, sql, (SELECT stat FROM sqlite_stat1 WHERE idx = name) FROM sqlite_schema
         WHERE type = 'index' AND sql LIKE 'CREATE INDEX %' AND ",
    );
    sql.is_any(tx, "tbl_name", written.tables).push(" AND NOT ").is_any(tx, "name", written.read);
    let name = |row: &QueryResult| row.try_get("", "name");
    sql.push(" RETURNING name");
    sql.all(tx).await?.iter().map(name).collect()
}

/// Rebuilds the dropped indexes one by one.
pub(super) async fn put_back(db: &Db) -> Result<(), DbErr> {
    let names = set_aside(db).await?;
    if names.is_empty() {
        return Ok(());
    }
    db.write().execute_unprepared(SORTING).await?;
    for name in &names {
        make(db, name).await?;
    }
    // Makes the planner read the restored statistics.
    let as_before =
        format!("ANALYZE sqlite_schema; PRAGMA temp_store = MEMORY; PRAGMA cache_size = {WRITER_CACHE}");
    db.write().execute_unprepared(&as_before).await.map(drop)
}

/// The names of the dropped indexes.
async fn set_aside(db: &Db) -> Result<Vec<String>, DbErr> {
    // A database that is new, or of an older release, has no such table.
    let table = Sql::new("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'set_aside'");
    if table.number(db.write()).await? == 0 {
        return Ok(Vec::new());
    }
    let name = |row: &QueryResult| row.try_get_by_index(0);
    Sql::new("SELECT name FROM set_aside").all(db.write()).await?.iter().map(name).collect()
}

/// Rebuilds an index, unless another process did so first.
async fn make(db: &Db, name: &str) -> Result<(), DbErr> {
    let tx = db.write().begin().await?;
    let mut sql = Sql::new("DELETE FROM set_aside WHERE name = ");
    sql.bind(name).push(" RETURNING sql, stat");
    if let Some(row) = sql.one(&tx).await? {
        tx.execute_unprepared(&row.try_get::<String>("", "sql")?).await?;
        if let Some(stat) = row.try_get::<Option<String>>("", "stat")? {
            let mut sql = Sql::new("INSERT INTO sqlite_stat1 (tbl, idx, stat) SELECT tbl_name, name, ");
            sql.bind(stat).push(" FROM sqlite_schema WHERE type = 'index' AND name = ").bind(name);
            sql.execute(&tx).await?;
        }
    }
    tx.commit().await
}
