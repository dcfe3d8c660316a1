//! A statement and its values, put together piece by piece.
//!
//! Text of users is only ever bound. `$1` is understood by both databases.

use sea_orm::{ConnectionTrait, DbErr, ExecResult, FromQueryResult, QueryResult, Statement, Value};

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

    /// Adds a placeholder for a value.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
        self
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
            self.push(" = ANY(")
                .bind(Value::Array(sea_orm::sea_query::ArrayType::String, Some(Box::new(array))));
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

impl Sql {
    /// Adds a condition that `column` is one of the ids, however many: one value is bound.
    pub fn is_any_id(&mut self, db: &impl ConnectionTrait, column: &str, ids: &[uuid::Uuid]) -> &mut Self {
        self.push(column);
        if super::is_sqlite(db) {
            let ids: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
            self.push(" IN (SELECT unhex(value) FROM json_each(");
            self.bind(serde_json::Value::from(ids).to_string()).push("))")
        } else {
            let array = ids.iter().map(|id| Value::from(*id)).collect();
            self.push(" = ANY(")
                .bind(Value::Array(sea_orm::sea_query::ArrayType::Uuid, Some(Box::new(array))));
            self.push(")")
        }
    }
}
