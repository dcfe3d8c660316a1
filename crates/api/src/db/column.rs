//! Conversion of column values.

use sea_orm::DbErr;

/// The parsed value of a column.
///
/// # Errors
/// [`DbErr::Type`] when the domain does not know the value.
pub fn known<T>(value: Option<T>, column: &str) -> Result<T, DbErr> {
    value.ok_or_else(|| bad_value(column))
}

/// The error for an unknown value.
pub fn bad_value(column: &str) -> DbErr {
    DbErr::Type(format!("the column {column} has a value that is not known"))
}
