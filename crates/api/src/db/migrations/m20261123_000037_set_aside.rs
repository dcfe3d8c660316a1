//! The indexes that are missing while SQLite is loaded: see `db/bulk_load.rs`.

use sea_orm_migration::{async_trait::async_trait, prelude::*};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run_on_sqlite(manager, SET_ASIDE).await
    }
}

/// By which statement each is made, and what the planner believes of it.
const SET_ASIDE: &[&str] = &["CREATE TABLE set_aside (
        name TEXT NOT NULL PRIMARY KEY,
        sql TEXT NOT NULL,
        stat TEXT
    ) STRICT, WITHOUT ROWID"];
