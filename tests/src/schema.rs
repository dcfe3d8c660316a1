//! What is in a SQLite database beside rows, looked at from outside.

use std::collections::BTreeMap;

use sea_orm::{ConnectOptions, ConnectionTrait as _, DatabaseConnection, QueryResult, Statement};

/// The statement that makes each index, and what the planner believes of it, by name.
pub type Indexes = BTreeMap<String, (String, Option<String>)>;

/// Opens a database past the server.
///
/// # Panics
/// When it cannot be opened.
pub async fn open(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    sea_orm::Database::connect(options).await.unwrap()
}

/// The indexes that somebody made.
///
/// # Panics
/// When the database fails.
pub async fn indexes(db: &DatabaseConnection) -> Indexes {
    let asked =
        "SELECT name, sql, (SELECT stat FROM sqlite_stat1 WHERE idx = name) AS stat FROM sqlite_schema
                 WHERE type = 'index' AND sql IS NOT NULL";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), asked)).await.unwrap();
    let text = |row: &QueryResult, name| row.try_get("", name).unwrap();
    let index = |row| (text(row, "name"), (text(row, "sql"), row.try_get("", "stat").unwrap()));
    rows.iter().map(index).collect()
}
