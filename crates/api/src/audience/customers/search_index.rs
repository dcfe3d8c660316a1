//! Keeps SQLite's full-text table in step with the customers; PostgreSQL does so by itself.
//!
//! Set-based on purpose: row triggers cost half of the import's speed.

use fanbase_domain::ids::StoreId;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::db::{Db, is_sqlite, sql::Sql};

/// Before many customers are written: PostgreSQL collects what a transaction adds to the
/// index instead of merging it in the middle of the transaction. Searches find it all the same.
///
/// # Errors
/// Returns the error of the database.
pub async fn collect(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if !is_sqlite(db) {
        db.execute_unprepared("SET LOCAL gin_pending_list_limit = '64MB'").await?;
    }
    Ok(())
}

/// Merges what was collected, while others write.
///
/// # Errors
/// Returns the error of the database.
pub async fn merge(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if !is_sqlite(db) {
        db.execute_unprepared("SELECT gin_clean_pending_list('customers_search')").await?;
    }
    Ok(())
}

/// The last row there is, before rows are added.
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

/// Takes customers out of the index. Before their rows change: it needs the old text.
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

/// Puts customers back into the index, after their rows have changed.
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

/// What PostgreSQL's planner has to know; all columns would take three times as long.
const ANALYZE: &str = "ANALYZE customers (store_id, id, email_key, name_sort, search_text, kind, source,
    consent, status, score, total_spent, created_at, last_activity_at, user_id), customer_tags";

/// Leaves the tables as queries like them best, after many customers were written. Everything is
/// complete without.
pub async fn settle(db: &Db) {
    if is_sqlite(db.write()) {
        return;
    }
    let settled = tokio::try_join!(merge(db.write()), db.write().execute_unprepared(ANALYZE),);
    if let Err(error) = settled {
        tracing::warn!(%error, "tables are not settled");
    }
}
