//! Striped locks that serialise the reports of one fact.
//!
//! SQLite has a single writer and needs none. On PostgreSQL, a transaction that writes facts must first lock
//! the rows of `fact_locks` to which the names of these facts and of their people hash. It locks all of them
//! in one statement, in slot order, which prevents deadlocks.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DbErr};

use crate::db::{is_sqlite, sql::Sql};

/// Number of slots: rows of `fact_locks`.
const SLOTS: u64 = 256;

/// Locks the slots of these names until the transaction ends.
///
/// # Errors
/// Returns the error of the database.
pub async fn hold<'a>(
    db: &impl ConnectionTrait,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<(), DbErr> {
    lock(db, names.into_iter().map(slot).collect()).await
}

/// Locks all slots until the transaction ends.
///
/// # Errors
/// Returns the error of the database.
pub async fn hold_all(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    lock(db, (0..i64::try_from(SLOTS).unwrap_or(0)).collect()).await
}

async fn lock(db: &impl ConnectionTrait, slots: BTreeSet<i64>) -> Result<(), DbErr> {
    if is_sqlite(db) || slots.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new("SELECT slot FROM fact_locks WHERE slot IN (");
    sql.bind_all(slots).push(") ORDER BY slot FOR UPDATE");
    sql.all(db).await?;
    Ok(())
}

/// FNV-1a: the same in every process, unlike the standard library's hashes. Stores share the slots, so that a
/// name can be locked before its store is known.
fn slot(name: &str) -> i64 {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    i64::try_from(hash % SLOTS).unwrap_or(0)
}
