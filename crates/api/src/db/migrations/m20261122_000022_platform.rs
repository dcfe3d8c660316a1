//! What admins of the platform look at: how far stores are at Stripe Connect, who of a
//! store's customers has an account, and whose address nobody has verified.

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
    // Who signs up without an invitation may have typed somebody else's address.
    "ALTER TABLE users ADD COLUMN is_unverified {bool} NOT NULL DEFAULT FALSE",
    "ALTER TABLE stores ADD COLUMN connect_status TEXT NOT NULL DEFAULT 'not_connected'
        CHECK (connect_status IN ('not_connected', 'incomplete', 'can_charge', 'can_be_paid_out'))",
    "CREATE INDEX customers_converted ON customers (store_id, created_at, kind) WHERE user_id IS NOT NULL",
];
