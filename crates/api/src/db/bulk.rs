//! Bulk inserts and updates: many rows with few statements.

use futures_util::future::join;
use sea_orm::{ConnectionTrait, DbErr, Statement, Value, sea_query::ArrayType};
use uuid::Uuid;

use super::is_sqlite;

/// Rows per statement. The sizes are fixed, so that the prepared statements are found in the cache. The
/// widest rows, those of customers, are written 80 at a time.
const SQLITE_CHUNKS: [usize; 8] = [800, 80, 40, 20, 10, 5, 2, 1];
/// Bound values per statement. The allocator returns larger blocks to the operating system, and clears them
/// again at the next use.
const SQLITE_VALUES: usize = 2_400;

/// ABORT, SQLite's default, copies every page of every index that a statement touches, to be able to roll
/// back that one statement: a third of an import. The transaction is rolled back on errors anyway.
const SQLITE_INSERT: &str = "INSERT OR FAIL";
const SQLITE_UPDATE: &str = "UPDATE OR FAIL";

/// The type of a column, as far as bulk statements need it.
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

    /// A value as an element of an array. The driver cannot send NULL in an array, so a sentinel that is
    /// never stored stands for it. No text contains this control character.
    fn in_array(self, value: Value) -> Value {
        match (self, value) {
            (Self::Uuid, Value::Uuid(None)) => Uuid::max().into(),
            (Self::BigInt, Value::BigInt(None)) => i64::MIN.into(),
            (Self::Text, Value::String(None)) => "\u{1}".into(),
            (_, value) => value,
        }
    }

    /// The sentinel for NULL, as SQL.
    fn null(self) -> &'static str {
        match self {
            Self::Uuid => "'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid",
            Self::Text => "chr(1)",
            Self::BigInt => "'-9223372036854775808'::bigint",
        }
    }
}

/// The target of a bulk statement: a table, its columns, and the conflict clause.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The table.
    pub table: &'static str,
    /// Names and types of the columns, in the order of the values.
    pub columns: &'static [(&'static str, Type)],
    /// The action for a row that exists already.
    pub on_conflict: OnConflict,
}

/// The action for a row that exists already.
#[derive(Clone, Copy, Debug)]
pub enum OnConflict {
    /// An error.
    Fail,
    /// An upsert: the new row replaces the old one. Every column that is not named here is written, so that a
    /// new column cannot be forgotten.
    Replace {
        /// The columns of the unique key.
        key: &'static [&'static str],
        /// Columns that keep their values.
        keep: &'static [&'static str],
        /// Further assignments, starting with a comma.
        more: &'static str,
    },
    /// Another conflict clause.
    Clause(&'static str),
}

impl Target {
    /// The conflict clause.
    fn conflict(&self) -> String {
        match self.on_conflict {
            OnConflict::Fail => String::new(),
            OnConflict::Clause(clause) => clause.to_owned(),
            OnConflict::Replace { key, .. } => {
                format!("ON CONFLICT ({}) DO UPDATE SET {}", key.join(", "), self.set())
            }
        }
    }

    /// The assignments of an upsert; the new row is called `excluded`.
    fn set(&self) -> String {
        let OnConflict::Replace { key, keep, more } = self.on_conflict else { return String::new() };
        let written = self.columns.iter().map(|(name, _)| *name);
        let written = written.filter(|name| !key.contains(name) && !keep.contains(name));
        let set: Vec<String> = written.map(|name| format!("{name} = excluded.{name}")).collect();
        set.join(", ") + more
    }

    /// The names of the columns.
    fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// SQLite's INSERT: the SQL before and after the list of rows.
    fn sqlite_insert(&self) -> (String, String) {
        (format!("{} VALUES ", head(SQLITE_INSERT, self)), self.conflict())
    }

    /// SQLite's UPDATE of existing rows; `None` unless the rows are to be replaced.
    fn sqlite_update(&self) -> Option<(String, String)> {
        let OnConflict::Replace { key, .. } = self.on_conflict else { return None };
        let keys: Vec<String> =
            key.iter().map(|name| format!("{}.{name} = excluded.{name}", self.table)).collect();
        let update = format!("{SQLITE_UPDATE} {} SET {}", self.table, self.set());
        let before = format!("WITH excluded ({}) AS (VALUES ", self.names());
        Some((before, format!(") {update} FROM excluded WHERE {}", keys.join(" AND "))))
    }
}

/// Rows, each with a value per column. The iterator is lazy: the next rows are built while the database
/// writes the previous ones.
pub type Rows<'a> = Box<dyn ExactSizeIterator<Item = Vec<Value>> + Send + 'a>;

/// Inserts rows; returns how many were written. Needs a transaction that is rolled back on errors, since some
/// rows may have been written then.
///
/// # Errors
/// Returns the error of the database.
pub async fn insert(db: &impl ConnectionTrait, target: &Target, rows: Rows<'_>) -> Result<u64, DbErr> {
    if rows.len() == 0 {
        Ok(0)
    } else if is_sqlite(db) {
        write_sqlite(db, target, target.sqlite_insert(), rows).await
    } else {
        insert_postgres(db, target, rows).await
    }
}

/// Replaces existing rows. [`insert`] with [`OnConflict::Replace`] has the same result; but SQLite copies
/// pages for an INSERT that turns into an UPDATE, as it does for ABORT.
///
/// # Errors
/// Returns the error of the database.
pub async fn update(db: &impl ConnectionTrait, target: &Target, rows: Rows<'_>) -> Result<u64, DbErr> {
    match target.sqlite_update() {
        Some(around) if is_sqlite(db) => write_sqlite(db, target, around, rows).await,
        _ => insert(db, target, rows).await,
    }
}

fn head(insert: &str, target: &Target) -> String {
    format!("{insert} INTO {} ({})", target.table, target.names())
}

/// Writes the rows in several statements, each list of rows between the two texts.
async fn write_sqlite(
    db: &impl ConnectionTrait,
    target: &Target,
    (before, after): (String, String),
    mut rows: Rows<'_>,
) -> Result<u64, DbErr> {
    let width = target.columns.len();
    let tuple = format!("({})", vec!["?"; width].join(","));
    let mut next_statement = || {
        let fits = |size: &&usize| **size <= rows.len() && (**size == 1 || **size * width <= SQLITE_VALUES);
        let size = *SQLITE_CHUNKS.iter().find(fits)?;
        let sql = format!("{before}{} {after}", vec![tuple.as_str(); size].join(","));
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
    // UNNEST in the select list reads the arrays in parallel. In FROM, PostgreSQL would materialise each of
    // them first.
    let sql = format!(
        "{} SELECT {} FROM (SELECT {}) AS rows {}",
        head("INSERT", target),
        columns_of(&|i, kind| format!("NULLIF(c{i}, {})", kind.null())),
        columns_of(&|i, kind| format!("UNNEST(${i}::{}[]) AS c{i}", kind.name())),
        target.conflict()
    );
    let values = columns
        .into_iter()
        .zip(target.columns)
        .map(|(column, (_, kind))| Value::Array(kind.array_type(), Some(Box::new(column))));
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(db.execute_raw(statement).await?.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_replaced_is_every_column_that_is_not_named() {
        let columns =
            &[("store_id", Type::Uuid), ("id", Type::Uuid), ("name", Type::Text), ("at", Type::BigInt)];
        let clause = |on_conflict| Target { table: "things", columns, on_conflict }.conflict();
        let key: &[&str] = &["store_id", "id"];
        assert_eq!(
            clause(OnConflict::Replace { key, keep: &[], more: "" }),
            "ON CONFLICT (store_id, id) DO UPDATE SET name = excluded.name, at = excluded.at"
        );
        assert_eq!(
            clause(OnConflict::Replace { key, keep: &["at"], more: ", email = NULL" }),
            "ON CONFLICT (store_id, id) DO UPDATE SET name = excluded.name, email = NULL"
        );
        assert_eq!(clause(OnConflict::Fail), "");
        let on_conflict = OnConflict::Replace { key, keep: &["at"], more: ", email = NULL" };
        let update = Target { table: "things", columns, on_conflict }.sqlite_update();
        let before = "WITH excluded (store_id, id, name, at) AS (VALUES ";
        let after = ") UPDATE OR FAIL things SET name = excluded.name, email = NULL FROM excluded
            WHERE things.store_id = excluded.store_id AND things.id = excluded.id";
        let after = after.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(update, Some((before.to_owned(), after)));
    }
}
