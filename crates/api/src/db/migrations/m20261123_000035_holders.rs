//! Who is in a course, and how far, and who has a product: without reading rows.

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
    "DROP INDEX enrollments_course",
    "CREATE INDEX enrollments_course ON enrollments (store_id, course_id, progress, customer_id)",
    "DROP INDEX purchases_item",
    "CREATE INDEX purchases_item ON purchases (store_id, item_id, customer_id) WHERE item_id IS NOT NULL",
];
