//! Unique indexes of the tables of stores hold the store, as a distributed database demands. The secrets
//! have 256 random bits: no two are the same, with or without the store.

use sea_orm_migration::{async_trait::async_trait, prelude::*};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, INDEXES).await
    }
}

const INDEXES: &[&str] = &[
    "DROP INDEX api_keys_secret",
    "CREATE UNIQUE INDEX api_keys_secret ON api_keys (secret_hash, store_id)",
    "DROP INDEX invitations_token",
    "CREATE UNIQUE INDEX invitations_token ON invitations (token_hash, store_id)",
];
