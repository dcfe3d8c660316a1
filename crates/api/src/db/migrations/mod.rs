//! The schema, one file per change.
//!
//! Written as SQL for both databases, since what matters here (partial indexes, collations,
//! full-text tables) is beyond what a builder can say. `store_id` comes first in every key
//! and index of a store's tables, so that it can be the distribution key.

mod m20261122_000001_accounts;
mod m20261122_000002_customers;
mod m20261122_000003_imports;
mod m20261122_000004_requests;
mod m20261122_000010_answers;
mod m20261122_000011_refusals;
mod m20261122_000012_views;
mod m20261122_000020_access;
mod m20261122_000021_clerk;
mod m20261122_000022_platform;
mod m20261122_000030_facts;
mod m20261122_000031_backfill;
mod m20261122_000033_worth;
mod m20261122_000034_statistics;
mod m20261123_000035_holders;
mod m20261123_000036_planner;
mod m20261123_000037_set_aside;
mod m20261123_000038_persons;
mod m20261123_000039_held;
mod m20261130_000050_stripe_owners;
mod m20261130_000051_import_items;
mod m20261130_000052_erasure;
mod m20261130_000053_time_zones;
mod m20261130_000070_staff;
mod m20261130_000071_distribution;
mod m20261130_000072_leases;

use sea_orm_migration::{async_trait::async_trait, prelude::*};

use super::is_sqlite;

/// All of them, in their order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_accounts::Migration),
            Box::new(m20261122_000002_customers::Migration),
            Box::new(m20261122_000003_imports::Migration),
            Box::new(m20261122_000004_requests::Migration),
            Box::new(m20261122_000010_answers::Migration),
            Box::new(m20261122_000011_refusals::Migration),
            Box::new(m20261122_000012_views::Migration),
            Box::new(m20261122_000020_access::Migration),
            Box::new(m20261122_000021_clerk::Migration),
            Box::new(m20261122_000022_platform::Migration),
            Box::new(m20261122_000030_facts::Migration),
            Box::new(m20261122_000031_backfill::Migration),
            Box::new(m20261122_000033_worth::Migration),
            Box::new(m20261122_000034_statistics::Migration),
            Box::new(m20261123_000035_holders::Migration),
            Box::new(m20261123_000036_planner::Migration),
            Box::new(m20261123_000037_set_aside::Migration),
            Box::new(m20261123_000038_persons::Migration),
            Box::new(m20261123_000039_held::Migration),
            Box::new(m20261130_000050_stripe_owners::Migration),
            Box::new(m20261130_000051_import_items::Migration),
            Box::new(m20261130_000052_erasure::Migration),
            Box::new(m20261130_000053_time_zones::Migration),
            Box::new(m20261130_000070_staff::Migration),
            Box::new(m20261130_000071_distribution::Migration),
            Box::new(m20261130_000072_leases::Migration),
        ]
    }
}

/// Runs the statements of a migration, with the types of the database filled in.
async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let types: [(&str, &str, &str); 7] = [
        ("{uuid}", "BLOB", "uuid"),
        ("{bytes}", "BLOB", "bytea"),
        ("{int}", "INTEGER", "bigint"),
        ("{bool}", "INTEGER", "boolean"),
        // Byte order, as Rust sorts.
        ("{sorted}", "TEXT", "text COLLATE \"C\""),
        ("{strict}", "STRICT", ""),
        // Columns that an index has beside those it is in the order of; SQLite knows only these.
        ("{include}", ",", ") INCLUDE ("),
    ];
    for statement in statements {
        let mut sql = (*statement).to_owned();
        for (name, sqlite, postgres) in types {
            sql = sql.replace(name, if is_sqlite(db) { sqlite } else { postgres });
        }
        db.execute_unprepared(&sql).await?;
    }
    Ok(())
}

/// Runs statements that only SQLite needs.
async fn run_on_sqlite(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    if is_sqlite(manager.get_connection()) { run(manager, statements).await } else { Ok(()) }
}
