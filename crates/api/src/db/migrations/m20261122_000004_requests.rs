//! Requests that were answered, so that a repeated one gets the same answer.

use sea_orm_migration::{async_trait::async_trait, prelude::*};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, TABLES).await
    }
}

const TABLES: &[&str] = &[
    "CREATE TABLE idempotency_keys (
        store_id {uuid} NOT NULL,
        key_hash {bytes} NOT NULL,
        request_hash {bytes} NOT NULL,
        status {int},
        content_type TEXT,
        location TEXT,
        etag TEXT,
        body {bytes},
        created_at {int} NOT NULL,
        PRIMARY KEY (store_id, key_hash)
    ) {strict}",
    "CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at)",
];
