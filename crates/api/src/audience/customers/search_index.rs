//! Maintains SQLite's full-text index of customers; PostgreSQL updates its own.
//!
//! Set-based, since row triggers would halve the speed of imports.

use fanbase_domain::ids::StoreId;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::db::{Db, is_sqlite, sql::Sql};

/// Raises the limit of PostgreSQL's pending list, before many customers are written: the index entries of a
/// transaction are then not merged in the middle of it. Searches read the pending list, too.
///
/// # Errors
/// Returns the error of the database.
pub async fn collect(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if !is_sqlite(db) {
        db.execute_unprepared("SET LOCAL gin_pending_list_limit = '64MB'").await?;
    }
    Ok(())
}

/// Merges the pending list outside of the writing transaction.
///
/// # Errors
/// Returns the error of the database.
pub async fn merge(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if !is_sqlite(db) {
        db.execute_unprepared("SELECT gin_clean_pending_list('customers_search')").await?;
    }
    Ok(())
}

/// The last row id, before rows are added.
///
/// # Errors
/// Returns the error of the database.
pub async fn last_row(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    if is_sqlite(db) { Sql::new("SELECT MAX(row_id) FROM customers").number(db).await } else { Ok(0) }
}

/// Indexes the rows that were added after `last_row`.
///
/// # Errors
/// Returns the error of the database.
pub async fn index_after(db: &impl ConnectionTrait, last_row: i64) -> Result<(), DbErr> {
    if is_sqlite(db) {
        let mut sql = Sql::new(
            "INSERT INTO customers_search (rowid, search_text)
             SELECT row_id, search_text FROM customers WHERE row_id > ",
        );
        sql.bind(last_row);
        sql.execute(db).await?;
    }
    Ok(())
}

/// Removes customers from the index. Call it before their rows change, since it needs the old text.
///
/// # Errors
/// Returns the error of the database.
pub async fn forget(db: &impl ConnectionTrait, store_id: StoreId, customers: &[Uuid]) -> Result<(), DbErr> {
    copy(
        db,
        "INSERT INTO customers_search (customers_search, rowid, search_text)
         SELECT 'delete', row_id, search_text FROM customers WHERE store_id = ",
        store_id,
        customers,
    )
    .await
}

/// Adds customers to the index again, after their rows changed.
///
/// # Errors
/// Returns the error of the database.
pub async fn index(db: &impl ConnectionTrait, store_id: StoreId, customers: &[Uuid]) -> Result<(), DbErr> {
    copy(
        db,
        "INSERT INTO customers_search (rowid, search_text)
         SELECT row_id, search_text FROM customers WHERE store_id = ",
        store_id,
        customers,
    )
    .await
}

async fn copy(
    db: &impl ConnectionTrait,
    insert: &str,
    store_id: StoreId,
    customers: &[Uuid],
) -> Result<(), DbErr> {
    if is_sqlite(db) && !customers.is_empty() {
        let mut sql = Sql::new(insert);
        sql.bind(store_id.uuid()).push(" AND ").is_any_id(db, "id", customers);
        sql.execute(db).await?;
    }
    Ok(())
}

/// The columns that PostgreSQL's planner needs; to analyse all of them would take three times as long.
const ANALYZE: &str = "ANALYZE customers (store_id, id, email_key, name_sort, search_text, kind, source,
    consent, status, score, total_spent, created_at, last_activity_at, user_id), customer_tags";

/// Merges the index and updates the planner's statistics, after many customers were written. This is an
/// optimisation only.
pub async fn settle(db: &Db) {
    if is_sqlite(db.write()) {
        return;
    }
    let settled = tokio::try_join!(merge(db.write()), db.write().execute_unprepared(ANALYZE),);
    if let Err(error) = settled {
        tracing::warn!(%error, "tables are not settled");
    }
}
