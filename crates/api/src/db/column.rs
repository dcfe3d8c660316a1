//! Values of columns.

use sea_orm::DbErr;

/// A value of the database that has to be one of those the domain knows.
///
/// # Errors
/// [`DbErr::Type`] when it is not.
pub fn known<T>(value: Option<T>, column: &str) -> Result<T, DbErr> {
    value.ok_or_else(|| bad_value(column))
}

/// The error of a value that is not known.
pub fn bad_value(column: &str) -> DbErr {
    DbErr::Type(format!("the column {column} has a value that is not known"))
}
