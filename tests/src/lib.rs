//! What the tests of the whole application share: the server on either database, callers, walks
//! through lists, and the domain as the reference that answers are compared with.
//!
//! Helpers go through the public API; what bypasses it starts with `db_`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

pub mod api;
pub mod app;
pub mod audience;
pub mod bench;
pub mod callers;
pub mod child;
pub mod database;
pub mod files;
pub mod lists;
pub mod poll;
pub mod reference;
pub mod response;
pub mod schema;
pub mod stripe;

pub use self::{
    api::{Api, Caller},
    app::TestApp,
    callers::{ApiKey, Creator, Store},
    database::Database,
    response::Response,
};

/// Makes two tests of each function: `name::sqlite` and `name::postgres`.
///
/// The function takes a [`TestApp`] that runs on a database of its own. One that is not listed is
/// unused, which the compiler tells.
#[macro_export]
macro_rules! on_both_databases {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            #[test]
            fn sqlite() {
                $crate::app::run($crate::Database::Sqlite, super::$name);
            }

            #[test]
            fn postgres() {
                $crate::app::run($crate::Database::Postgres, super::$name);
            }
        }
    )*};
}
