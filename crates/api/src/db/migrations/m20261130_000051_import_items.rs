//! Which import made a tag or a custom field, so that undoing it removes the unused ones.

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
    "ALTER TABLE tags ADD COLUMN import_id {uuid}",
    "ALTER TABLE custom_fields ADD COLUMN import_id {uuid}",
];
