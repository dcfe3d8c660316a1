//! What a customer has, without reading rows: the course and progress of enrolments, what was bought.

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
    "DROP INDEX enrollments_customer",
    "CREATE INDEX enrollments_customer ON enrollments
        (store_id, customer_id, enrolled_at, id{include} course_id, progress) WHERE customer_id IS NOT NULL",
    "DROP INDEX purchases_customer",
    "CREATE INDEX purchases_customer ON purchases
        (store_id, customer_id, purchased_at, id{include} kind, item_id)",
];
