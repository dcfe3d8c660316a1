//! What SQLite's planner believes of the tables, whatever is in them.
//!
//! Statistics taken of a store of three customers make it look through all of them for an address, and
//! go on to do so when they are 100,000: nobody takes them again while a server runs. These are those of
//! a store of 1,000,000, whose plans are right for small ones as well. Tables that are missing here are
//! taken to be large.

use sea_orm_migration::{async_trait::async_trait, prelude::*};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run_on_sqlite(manager, STATISTICS).await
    }
}

/// Rows, then how many of them have the same first column, the same first two, and so on
/// (<https://sqlite.org/fileformat2.html#the_sqlite_stat1_table>).
const STATISTICS: &[&str] = &[
    // Makes the table if nobody did.
    "ANALYZE settings",
    "DELETE FROM sqlite_stat1",
    "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
        ('customers', 'customers_id', '1000000 400 1'),
        ('customers', 'customers_email', '1000000 400 1'),
        ('customers', 'customers_user', '300000 400 1'),
        ('customers', 'customers_address', '700000 1'),
        ('customers', 'customers_account', '300000 1'),
        ('customers', 'customers_created', '1000000 400 1 1'),
        ('customers', 'customers_name', '1000000 400 1 1'),
        ('customers', 'customers_spent', '1000000 400 400 1'),
        ('customers', 'customers_score', '1000000 400 400 1'),
        ('customers', 'customers_kind', '300000 400 400 1 1'),
        ('customers', 'customers_converted', '300000 400 1 1'),
        ('customers', 'customers_active', '1000000 400 400 1 1 1'),
        ('users', 'sqlite_autoindex_users_1', '500000 1'),
        ('users', 'sqlite_autoindex_users_2', '500000 1'),
        ('users', 'users_created', '500000 1 1'),
        ('users', 'users_name', '500000 40 1'),
        ('users', 'users_seen', '500000 2 1'),
        ('tags', 'sqlite_autoindex_tags_1', '60 60 1'),
        ('tags', 'tags_name', '60 60 1'),
        ('customer_tags', 'customer_tags', '2000000 400 3 1'),
        ('customer_tags', 'customer_tags_tag', '2000000 400 400 1')",
    "ANALYZE sqlite_schema",
];
