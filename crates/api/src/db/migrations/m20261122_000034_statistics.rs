//! What the statistics of customers are summed up from, without reading rows.

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
    "CREATE INDEX payments_kept ON payments (store_id, currency, paid_at, kept) WHERE customer_id IS NOT NULL",
    "DROP INDEX subscriptions_status",
    "CREATE INDEX subscriptions_terms ON subscriptions
        (store_id, status, currency, period, period_count, amount, started_at, ended_at, told_at, customer_id)",
];
