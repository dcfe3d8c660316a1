//! A statement and its values, put together piece by piece.
//!
//! Text of users is only ever bound. `$1` is understood by both databases.

use fanbase_domain::ids::StoreId;
use sea_orm::{
    ConnectionTrait, DbErr, ExecResult, FromQueryResult, QueryResult, Statement, Value, sea_query::ArrayType,
};
use uuid::Uuid;

use super::distribution;

/// Rows that are looked up one by one.
#[derive(Clone, Copy, Debug)]
pub struct Each<'a> {
    /// The table.
    pub table: &'static str,
    /// The store, if the table has a column `store_id`.
    pub store_id: Option<Uuid>,
    /// Another column and its value, if the index has one in between.
    pub within: Option<(&'static str, Uuid)>,
    /// A column that an index has right behind these.
    pub column: &'static str,
    /// What it shall be.
    pub values: Values<'a>,
    /// Whether PostgreSQL locks the rows, in the order of the values.
    pub lock: bool,
}

impl<'a> Each<'a> {
    /// Rows that have one of some names, locked until the transaction ends.
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

/// What rows are looked up by.
#[derive(Clone, Copy, Debug)]
pub enum Values<'a> {
    /// Texts.
    Texts(&'a [&'a str]),
    /// Ids.
    Ids(&'a [Uuid]),
}

/// A statement in the making.
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

    /// Puts it between two pieces of SQL, as a subquery.
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

    /// Adds a piece of SQL in which `{store}` stands for a store. Subqueries name it themselves: a distributed
    /// database does not see that it is the one of the row outside.
    pub fn push_in_store(&mut self, text: &str, store_id: StoreId) -> &mut Self {
        for (i, part) in text.split("{store}").enumerate() {
            if i > 0 {
                self.bind(store_id.uuid());
            }
            self.push(part);
        }
        self
    }

    /// Adds a placeholder for the store whose rows are looked up by one more column.
    ///
    /// PostgreSQL estimates that a store which its statistics do not know has one row, so that any index
    /// that begins with `store_id` looks as good as the right one, and a look-up reads the whole store. Of
    /// the result of a subquery it knows no value, and estimates an average store. Lists do without: of a
    /// store that is known to be large, the estimate by its value is right.
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

    /// Adds a condition that `column` is one of the texts, however many: one value is bound.
    pub fn is_any(&mut self, db: &impl ConnectionTrait, column: &str, texts: &[&str]) -> &mut Self {
        self.push(column);
        if super::is_sqlite(db) {
            // A list of texts cannot fail to become JSON.
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

    /// Runs it.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn execute(self, db: &impl ConnectionTrait) -> Result<ExecResult, DbErr> {
        db.execute_raw(self.statement(db)).await
    }

    /// Runs it and reads its only row.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn one(self, db: &impl ConnectionTrait) -> Result<Option<QueryResult>, DbErr> {
        db.query_one_raw(self.statement(db)).await
    }

    /// Runs it and reads all rows.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn all(self, db: &impl ConnectionTrait) -> Result<Vec<QueryResult>, DbErr> {
        db.query_all_raw(self.statement(db)).await
    }

    /// Runs it and reads all rows as models.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn models<M: FromQueryResult>(self, db: &impl ConnectionTrait) -> Result<Vec<M>, DbErr> {
        self.all(db).await?.iter().map(|row| M::from_query_result(row, "")).collect()
    }

    /// Runs it and reads one number, 0 when there is no row.
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

/// A count as the database tells it. It has no unsigned numbers, and no count is below zero.
#[must_use]
pub fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

impl Sql {
    /// Adds the rows of `table`, of a store if it has some, whose `column` is one of the values,
    /// as a table of that name: a probe of an index per value, whatever the planner thinks of
    /// a table that was never analysed (it would rather read all the store's rows).
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
            // A limit, even none, keeps the planner from folding the probe into a join.
            self.push(if lock { " LIMIT ALL FOR UPDATE) AS " } else { " LIMIT ALL) AS " }).push(table)
        }
    }

    /// Adds a condition that `column` is one of the ids, however many: one value is bound.
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
