//! Whose Stripe's customers are, which names of facts came from the platform's own events, and what an
//! import said that customers have spent.

use sea_orm_migration::{async_trait::async_trait, prelude::*};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, OWNERS).await?;
        super::run(manager, PLATFORM).await?;
        super::run(manager, BALANCES).await
    }
}

const OWNERS: &[&str] = &[
    "CREATE TABLE stripe_customers (
        store_id {uuid} NOT NULL,
        reference {sorted} NOT NULL,
        customer_id {uuid} NOT NULL,
        claimed_at {int} NOT NULL,
        claimed_key {sorted} NOT NULL,
        PRIMARY KEY (store_id, reference)
    ) {strict}",
    "CREATE INDEX stripe_customers_customer ON stripe_customers (store_id, customer_id)",
    "ALTER TABLE payments ADD COLUMN stripe_customer {sorted}",
    "ALTER TABLE purchases ADD COLUMN stripe_customer {sorted}",
    "ALTER TABLE subscriptions ADD COLUMN stripe_customer {sorted}",
    // By which facts are found when their owner becomes known.
    "CREATE INDEX payments_stripe_customer ON payments (store_id, stripe_customer)
        WHERE stripe_customer IS NOT NULL",
    "CREATE INDEX payments_subscription ON payments (store_id, subscription) WHERE subscription IS NOT NULL",
    "CREATE INDEX purchases_stripe_customer ON purchases (store_id, stripe_customer)
        WHERE stripe_customer IS NOT NULL",
    "CREATE INDEX subscriptions_stripe_customer ON subscriptions (store_id, stripe_customer)
        WHERE stripe_customer IS NOT NULL",
];

/// Anybody with a key can report a payment of any name: only these tell which store an event of the
/// platform's own account is about.
const PLATFORM: &[&str] = &[
    "ALTER TABLE payment_names ADD COLUMN is_platforms {bool} NOT NULL DEFAULT FALSE",
    "ALTER TABLE subscriptions ADD COLUMN is_platforms {bool} NOT NULL DEFAULT FALSE",
];

const BALANCES: &[&str] = &[
    "ALTER TABLE customers ADD COLUMN imported_spent {int}",
    "ALTER TABLE customers ADD COLUMN imported_spent_at {int}",
    // What is there without payments was imported, or is nothing.
    "UPDATE customers SET imported_spent = total_spent, imported_spent_at = created_at
        WHERE total_spent > 0 AND follows_facts = 0",
];
