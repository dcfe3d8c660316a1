//! Which worker has an import, until when, and how often it was started without progress.

use sea_orm_migration::{async_trait::async_trait, prelude::*};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, COLUMNS).await
    }
}

const COLUMNS: &[&str] = &[
    "ALTER TABLE imports ADD COLUMN worker {uuid}",
    "ALTER TABLE imports ADD COLUMN lease_until {int}",
    "ALTER TABLE imports ADD COLUMN attempts {int} NOT NULL DEFAULT 0",
    "ALTER TABLE imports ADD COLUMN retry_at {int} NOT NULL DEFAULT 0",
];
