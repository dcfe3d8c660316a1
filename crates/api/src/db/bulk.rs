//! Writing many rows with few statements.

use futures_util::future::join;
use sea_orm::{ConnectionTrait, DbErr, Statement, Value, sea_query::ArrayType};
use uuid::Uuid;

use super::is_sqlite;

/// Rows of a statement. Fixed sizes, so that the prepared statement is found again. The widest rows,
/// those of customers, go 80 at a time.
const SQLITE_CHUNKS: [usize; 8] = [800, 80, 40, 20, 10, 5, 2, 1];
/// Values of a statement; not more, since the allocator gives larger blocks back and has to
/// clear them anew.
const SQLITE_VALUES: usize = 2_400;

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

    fn array_type(self) -> ArrayType {
        match self {
            Self::Uuid => ArrayType::Uuid,
            Self::Text => ArrayType::String,
            Self::BigInt => ArrayType::BigInt,
        }
    }

    /// A value as a part of an array. The driver cannot send NULL in one: something stands
    /// for it that is never stored. No text has this control character.
    fn in_array(self, value: Value) -> Value {
        match (self, value) {
            (Self::Uuid, Value::Uuid(None)) => Uuid::max().into(),
            (Self::BigInt, Value::BigInt(None)) => i64::MIN.into(),
            (Self::Text, Value::String(None)) => "\u{1}".into(),
            (_, value) => value,
        }
    }

    /// What stands for NULL, as SQL.
    fn null(self) -> &'static str {
        match self {
            Self::Uuid => "'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid",
            Self::Text => "chr(1)",
            Self::BigInt => "'-9223372036854775808'::bigint",
        }
    }
}

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
    let (head, tuple) = (head(SQLITE_INSERT, target), format!("({})", vec!["?"; width].join(",")));
    let mut next_statement = || {
        let fits = |size: &&usize| **size <= rows.len() && (**size == 1 || **size * width <= SQLITE_VALUES);
        let size = *SQLITE_CHUNKS.iter().find(fits)?;
        let sql = format!("{head} VALUES {} {}", vec![tuple.as_str(); size].join(","), target.on_conflict);
        let mut values: Vec<Value> = Vec::with_capacity(size * width);
        rows.by_ref().take(size).for_each(|row| values.extend(row));
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
        for ((column, value), (_, kind)) in columns.iter_mut().zip(row).zip(target.columns) {
            column.push(kind.in_array(value));
        }
    }
    let columns_of = |form: &dyn Fn(usize, Type) -> String| -> String {
        let forms = target.columns.iter().enumerate().map(|(i, (_, kind))| form(i + 1, *kind));
        forms.collect::<Vec<_>>().join(", ")
    };
    let sql = format!(
        "{} SELECT {} FROM UNNEST({}) AS rows ({}) {}",
        head("INSERT", target),
        columns_of(&|i, kind| format!("NULLIF(c{i}, {})", kind.null())),
        columns_of(&|i, kind| format!("${i}::{}[]", kind.name())),
        columns_of(&|i, _| format!("c{i}")),
        target.on_conflict
    );
    let values = columns
        .into_iter()
        .zip(target.columns)
        .map(|(column, (_, kind))| Value::Array(kind.array_type(), Some(Box::new(column))));
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(db.execute_raw(statement).await?.rows_affected())
}
