//! A builder of parameterised SQL statements.
//!
//! Text from users is only ever bound, never spliced in. Both databases understand `$1`.

use fanbase_domain::ids::StoreId;
use sea_orm::{
    ConnectionTrait, DbErr, ExecResult, FromQueryResult, QueryResult, Statement, Value, sea_query::ArrayType,
};
use uuid::Uuid;

use super::distribution;

/// A look-up of rows by a list of values, with one index probe per value.
#[derive(Clone, Copy, Debug)]
pub struct Each<'a> {
    /// The table.
    pub table: &'static str,
    /// The store, if the table has a column `store_id`.
    pub store_id: Option<Uuid>,
    /// An index column between the store and `column`, and its value.
    pub within: Option<(&'static str, Uuid)>,
    /// The column that is looked up, which follows these in an index.
    pub column: &'static str,
    /// The values to look up.
    pub values: Values<'a>,
    /// Whether PostgreSQL locks the rows, in the order of the values.
    pub lock: bool,
}

impl<'a> Each<'a> {
    /// Rows with one of the names, locked until the transaction ends.
    #[must_use]
    pub fn named(table: &'static str, store_id: StoreId, column: &'static str, names: &'a [&'a str]) -> Self {
        let values = Values::Texts(names);
        Self { table, store_id: Some(store_id.uuid()), within: None, column, values, lock: true }
    }

    /// Rows of some customers.
    #[must_use]
    pub fn of_customers(table: &'static str, store_id: StoreId, customers: &'a [Uuid]) -> Self {
        let values = Values::Ids(customers);
        Self {
            table,
            store_id: Some(store_id.uuid()),
            within: None,
            column: "customer_id",
            values,
            lock: false,
        }
    }
}

/// The values of a look-up.
#[derive(Clone, Copy, Debug)]
pub enum Values<'a> {
    /// Texts.
    Texts(&'a [&'a str]),
    /// Ids.
    Ids(&'a [Uuid]),
}

/// An SQL text and its bound values.
#[derive(Clone, Debug, Default)]
pub struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// Starts with a piece of SQL.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    /// Adds a piece of SQL.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Wraps the statement, as a subquery, between two pieces of SQL.
    #[must_use]
    pub fn around(self, before: &str, after: &str) -> Self {
        Self { text: format!("{before}{}{after}", self.text), values: self.values }
    }

    /// Adds a placeholder for a value.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
        self
    }

    /// Adds a piece of SQL in which `{store}` stands for the store's id. Subqueries have to name the store
    /// themselves: a distributed database does not infer it from the outer row.
    pub fn push_in_store(&mut self, text: &str, store_id: StoreId) -> &mut Self {
        for (i, part) in text.split("{store}").enumerate() {
            if i > 0 {
                self.bind(store_id.uuid());
            }
            self.push(part);
        }
        self
    }

    /// Adds a placeholder for the store, in a look-up by one more column.
    ///
    /// PostgreSQL estimates one row for a store that is missing from its statistics. Any index that begins
    /// with `store_id` then looks as good as the right one, and the look-up reads the whole store. Wrapped in
    /// a subquery, the value is unknown to the planner, which estimates an average store. Lists bind the
    /// value itself: for a store that is known to be large, that estimate is right.
    pub fn bind_store(&mut self, db: &impl ConnectionTrait, store_id: StoreId) -> &mut Self {
        if super::is_sqlite(db) || distribution::is_distributed() {
            return self.bind(store_id.uuid());
        }
        self.push("(SELECT ").bind(store_id.uuid()).push(")")
    }

    /// Adds placeholders for several values, separated by commas.
    pub fn bind_all<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        for (i, value) in values.into_iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            self.bind(value);
        }
        self
    }

    /// Adds a condition that `column` is one of the texts; however many there are, one value is bound.
    pub fn is_any(&mut self, db: &impl ConnectionTrait, column: &str, texts: &[&str]) -> &mut Self {
        self.push(column);
        if super::is_sqlite(db) {
            // A list of texts can always be serialised to JSON.
            self.push(" IN (SELECT value FROM json_each(");
            self.bind(serde_json::Value::from(texts).to_string()).push("))")
        } else {
            let array = texts.iter().map(|text| Value::from(*text)).collect();
            self.push(" = ANY(").bind(Value::Array(ArrayType::String, Some(Box::new(array))));
            self.push(")")
        }
    }

    /// The finished statement.
    #[must_use]
    pub fn statement(self, db: &impl ConnectionTrait) -> Statement {
        Statement::from_sql_and_values(db.get_database_backend(), self.text, self.values)
    }

    /// Runs the statement.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn execute(self, db: &impl ConnectionTrait) -> Result<ExecResult, DbErr> {
        db.execute_raw(self.statement(db)).await
    }

    /// Runs the statement and reads its first row.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn one(self, db: &impl ConnectionTrait) -> Result<Option<QueryResult>, DbErr> {
        db.query_one_raw(self.statement(db)).await
    }

    /// Runs the statement and reads all rows.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn all(self, db: &impl ConnectionTrait) -> Result<Vec<QueryResult>, DbErr> {
        db.query_all_raw(self.statement(db)).await
    }

    /// Runs the statement and reads all rows as models.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn models<M: FromQueryResult>(self, db: &impl ConnectionTrait) -> Result<Vec<M>, DbErr> {
        self.all(db).await?.iter().map(|row| M::from_query_result(row, "")).collect()
    }

    /// Runs the statement and reads one number; 0 if there is no row, or the number is NULL.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn number(self, db: &impl ConnectionTrait) -> Result<i64, DbErr> {
        match self.one(db).await? {
            Some(row) => Ok(row.try_get_by_index::<Option<i64>>(0)?.unwrap_or(0)),
            None => Ok(0),
        }
    }
}

/// Converts a count. The databases have no unsigned integers; a negative value becomes 0.
#[must_use]
pub fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

impl Sql {
    /// Adds the rows of `table` (within the store, if one is set) whose `column` is one of the values, under
    /// the name of the table. Forces an index probe per value: for a table that was never analysed, the
    /// planner would read all rows of the store.
    pub fn each(&mut self, db: &impl ConnectionTrait, rows: &Each<'_>) -> &mut Self {
        let Each { table, store_id, within, column, values, lock } = *rows;
        if super::is_sqlite(db) {
            let (value, list) = match values {
                Values::Texts(texts) => ("value", serde_json::Value::from(texts)),
                Values::Ids(ids) => {
                    let ids: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
                    ("unhex(value)", serde_json::Value::from(ids))
                }
            };
            self.push("json_each(").bind(list.to_string());
            self.push(&format!(") AS wanted CROSS JOIN {table} ON {table}.{column} = {value}"));
            for (column, value) in store_id.map(|id| ("store_id", id)).into_iter().chain(within) {
                self.push(&format!(" AND {table}.{column} = ")).bind(value);
            }
            self
        } else {
            let (array, list): (_, Vec<Value>) = match values {
                Values::Texts(texts) => {
                    (ArrayType::String, texts.iter().map(|text| Value::from(*text)).collect())
                }
                Values::Ids(ids) => (ArrayType::Uuid, ids.iter().map(|id| Value::from(*id)).collect()),
            };
            self.push("unnest(").bind(Value::Array(array, Some(Box::new(list))));
            self.push(&format!(") AS wanted (value) CROSS JOIN LATERAL (SELECT * FROM {table} WHERE "));
            self.push(&format!("{column} = wanted.value"));
            if let Some(store_id) = store_id {
                self.push(" AND store_id = ").bind_store(db, StoreId::new(store_id));
            }
            if let Some((column, value)) = within {
                self.push(&format!(" AND {column} = ")).bind(value);
            }
            // A limit, even LIMIT ALL, keeps the planner from folding the probe into a join.
            self.push(if lock { " LIMIT ALL FOR UPDATE) AS " } else { " LIMIT ALL) AS " }).push(table)
        }
    }

    /// Adds a condition that `column` is one of the ids; however many there are, one value is bound.
    pub fn is_any_id(&mut self, db: &impl ConnectionTrait, column: &str, ids: &[Uuid]) -> &mut Self {
        self.push(column);
        if super::is_sqlite(db) {
            let ids: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
            self.push(" IN (SELECT unhex(value) FROM json_each(");
            self.bind(serde_json::Value::from(ids).to_string()).push("))")
        } else {
            let array = ids.iter().map(|id| Value::from(*id)).collect();
            self.push(" = ANY(").bind(Value::Array(ArrayType::Uuid, Some(Box::new(array))));
            self.push(")")
        }
    }
}
