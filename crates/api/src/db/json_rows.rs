//! Reads all rows of a query as one JSON text on SQLite, whose driver takes longer to fetch a wide row than
//! the database takes to find it.

use sea_orm::{
    ColumnTrait as _, ColumnType, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, Iterable as _,
};
use serde::de::DeserializeOwned;

use super::{is_sqlite, sql::Sql};

/// A row that can be read from JSON.
pub trait AtOnce: FromQueryResult + DeserializeOwned {
    /// An SQL expression, in SQLite's dialect, that encodes a row named `page` as a JSON array.
    fn json() -> String;
}

/// An SQL expression that encodes a row named `page` as a JSON array: the columns of an entity in the order
/// of their declaration. The model is deserialised from the array by position, without names.
#[must_use]
pub fn array_of<E: EntityTrait>() -> String {
    let value = |column: E::Column| {
        let name = sea_orm::IdenStatic::as_str(&column);
        match column.def().get_column_type() {
            // JSON has no bytes, so ids are hexadecimal; `hex` of NULL is an empty text.
            ColumnType::Uuid => format!("nullif(hex(page.{name}), '')"),
            ColumnType::Boolean => format!("json(iif(page.{name}, 'true', 'false'))"),
            _ => format!("page.{name}"),
        }
    };
    let values: Vec<String> = E::Column::iter().map(value).collect();
    format!("json_array({})", values.join(", "))
}

impl Sql {
    /// Runs the statement and reads all rows in their order: SQLite sorts the subquery of such an aggregate
    /// before it adds the rows to the list.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn at_once<R: AtOnce>(self, db: &impl ConnectionTrait) -> Result<Vec<R>, DbErr> {
        if !is_sqlite(db) {
            return self.models(db).await;
        }
        let (before, after) = (format!("SELECT json_group_array({}) FROM (", R::json()), ") AS page");
        let row = self.around(&before, after).one(db).await?;
        let list: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?;
        list.map_or(Ok(Vec::new()), |list| serde_json::from_str(&list))
            .map_err(|error| DbErr::Type(format!("a row is not what is expected: {error}")))
    }
}
