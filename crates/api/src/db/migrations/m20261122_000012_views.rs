//! Views that people save.

use sea_orm_migration::{async_trait::async_trait, prelude::*};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, STATEMENTS).await
    }
}

const STATEMENTS: &[&str] = &[
    "CREATE TABLE saved_views (
        store_id {uuid} NOT NULL,
        id {uuid} NOT NULL,
        name TEXT NOT NULL,
        name_key {sorted} NOT NULL,
        query TEXT NOT NULL,
        created_at {int} NOT NULL,
        updated_at {int} NOT NULL,
        PRIMARY KEY (store_id, id)
    ) {strict}",
    "CREATE UNIQUE INDEX saved_views_name ON saved_views (store_id, name_key)",
];
