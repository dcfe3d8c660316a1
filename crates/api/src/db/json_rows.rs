//! Rows that come as one text of JSON on SQLite, whose driver takes longer to hand over a row of many
//! columns than the database takes to find it.

use sea_orm::{
    ColumnTrait as _, ColumnType, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, Iterable as _,
};
use serde::de::DeserializeOwned;

use super::{is_sqlite, sql::Sql};

/// A row that can come with all others at once.
pub trait AtOnce: FromQueryResult + DeserializeOwned {
    /// What makes a JSON array of a row named `page`, in the SQL of SQLite.
    fn json() -> String;
}

/// What makes a JSON array of a row named `page`: the columns of an entity, in the order in which they
/// are declared. It is read as its model, without the names.
#[must_use]
pub fn array_of<E: EntityTrait>() -> String {
    let value = |column: E::Column| {
        let name = sea_orm::IdenStatic::as_str(&column);
        match column.def().get_column_type() {
            // JSON has no bytes; what is null has no digits.
            ColumnType::Uuid => format!("nullif(hex(page.{name}), '')"),
            ColumnType::Boolean => format!("json(iif(page.{name}, 'true', 'false'))"),
            _ => format!("page.{name}"),
        }
    };
    let values: Vec<String> = E::Column::iter().map(value).collect();
    format!("json_array({})", values.join(", "))
}

impl Sql {
    /// Runs it and reads all rows, in their order: SQLite sorts a subquery of such an aggregate before it
    /// adds the rows to the list.
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
