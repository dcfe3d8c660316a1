//! Writing many rows with few statements.

use futures_util::future::join;
use sea_orm::{ConnectionTrait, DbErr, Statement, Value, sea_query::ArrayType};

use super::is_sqlite;

/// Values that one statement of SQLite may bind.
const SQLITE_VARIABLES: usize = 32_766;
/// Rows of a statement. Fixed sizes, so that the prepared statement is found again; not
/// larger, since the allocator gives larger blocks back and has to clear them anew.
const SQLITE_CHUNKS: [usize; 3] = [100, 10, 1];

/// ABORT, the default, copies every page of every index that a statement touches, to be able
/// to take back this one statement: a third of an import. The transaction is taken back anyway.
const SQLITE_INSERT: &str = "INSERT OR FAIL";

/// The type of a column, as far as a bulk statement has to know.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// UUID.
    Uuid,
    /// Text.
    Text,
    /// 64-bit integer.
    BigInt,
}

impl Type {
    fn name(self) -> &'static str {
        match self {
            Self::Uuid => "uuid",
            Self::Text => "text",
            Self::BigInt => "bigint",
        }
    }
}

/// Stands for NULL in an array, which the driver cannot send. No text that is stored has
/// this control character.
const NULL: &str = "\u{1}";

/// Where rows go: a table, its columns, and what to do about conflicts.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The table.
    pub table: &'static str,
    /// Names and types of the columns, in the order of the values.
    pub columns: &'static [(&'static str, Type)],
    /// Empty, or an `ON CONFLICT` clause.
    pub on_conflict: &'static str,
}

/// Rows in the making, each with a value per column. They are made as they are needed, so
/// that the next ones are made while the database writes those before.
pub type Rows<'a> = Box<dyn ExactSizeIterator<Item = Vec<Value>> + Send + 'a>;

/// Inserts rows; returns how many were written. Within a transaction that is rolled back
/// on errors: some rows may have been written then.
///
/// # Errors
/// Returns the error of the database.
pub async fn insert(db: &impl ConnectionTrait, target: &Target, rows: Rows<'_>) -> Result<u64, DbErr> {
    if rows.len() == 0 {
        Ok(0)
    } else if is_sqlite(db) {
        insert_sqlite(db, target, rows).await
    } else {
        insert_postgres(db, target, rows).await
    }
}

fn head(insert: &str, target: &Target) -> String {
    let names: Vec<&str> = target.columns.iter().map(|(name, _)| *name).collect();
    format!("{insert} INTO {} ({})", target.table, names.join(", "))
}

async fn insert_sqlite(db: &impl ConnectionTrait, target: &Target, mut rows: Rows<'_>) -> Result<u64, DbErr> {
    let width = target.columns.len();
    let sizes = SQLITE_CHUNKS.map(|size| size.min(SQLITE_VARIABLES / width));
    let mut next_statement = || {
        let size = *sizes.iter().find(|size| **size <= rows.len())?;
        let tuple = format!("({})", vec!["?"; width].join(","));
        let sql = format!(
            "{} VALUES {} {}",
            head(SQLITE_INSERT, target),
            vec![tuple.as_str(); size].join(","),
            target.on_conflict
        );
        let values: Vec<Value> = rows.by_ref().take(size).flatten().collect();
        Some(Statement::from_sql_and_values(db.get_database_backend(), &sql, values))
    };
    let mut written = 0;
    let mut statement = next_statement();
    while let Some(current) = statement {
        let (result, next) = join(db.execute_raw(current), async { next_statement() }).await;
        written += result?.rows_affected();
        statement = next;
    }
    Ok(written)
}

async fn insert_postgres(db: &impl ConnectionTrait, target: &Target, rows: Rows<'_>) -> Result<u64, DbErr> {
    let mut columns: Vec<Vec<Value>> =
        target.columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(as_text(value));
        }
    }
    let places = 1..=target.columns.len();
    let arrays: Vec<String> = places.clone().map(|i| format!("${i}::text[]")).collect();
    let names: Vec<String> = places.clone().map(|i| format!("c{i}")).collect();
    let cells: Vec<String> = places
        .zip(target.columns)
        .map(|(i, (_, kind))| format!("NULLIF(c{i}, chr(1))::{}", kind.name()))
        .collect();
    let sql = format!(
        "{} SELECT {} FROM UNNEST({}) AS rows ({}) {}",
        head("INSERT", target),
        cells.join(", "),
        arrays.join(", "),
        names.join(", "),
        target.on_conflict
    );
    let values = columns.into_iter().map(|column| Value::Array(ArrayType::String, Some(Box::new(column))));
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(db.execute_raw(statement).await?.rows_affected())
}

/// A value as text, which the statement casts back.
fn as_text(value: Value) -> Value {
    match value {
        Value::Uuid(Some(id)) => id.to_string().into(),
        Value::BigInt(Some(n)) => n.to_string().into(),
        text @ Value::String(Some(_)) => text,
        _ => NULL.into(),
    }
}
