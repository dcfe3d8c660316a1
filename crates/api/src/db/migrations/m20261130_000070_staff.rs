//! Finds the admins of the platform and the owners of stores, who are not shown as fans, without reading
//! all accounts or members.

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
    "CREATE INDEX users_admins ON users (id) WHERE is_admin",
    "CREATE INDEX store_members_owners ON store_members (role, user_id)",
];
