//! Who is going idle, what happened by hand, and what customers are worth.

use sea_orm_migration::{async_trait::async_trait, prelude::*};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, IDLENESS).await?;
        super::run(manager, BY_HAND).await?;
        super::run(manager, WORTH).await
    }
}

const IDLENESS: &[&str] = &[
    "ALTER TABLE customers ADD COLUMN status_by_hand {int} NOT NULL DEFAULT 0",
    // Nothing but people and files has called anybody inactive so far.
    "UPDATE customers SET status_by_hand = 1 WHERE status = 'inactive'",
    // With all that the rule about idle customers needs, so that looking for them reads no row.
    "DROP INDEX customers_active",
    "CREATE INDEX customers_active ON customers (store_id, last_activity_at, id, status, created_at)",
];

const BY_HAND: &[&str] = &["ALTER TABLE activities ADD COLUMN author_id {uuid}"];

const WORTH: &[&str] = &[
    // What the store keeps of a payment: `Payment::kept`, for sums that are made by the database.
    "ALTER TABLE payments ADD COLUMN kept {int} NOT NULL DEFAULT 0",
    "UPDATE payments SET kept = amount WHERE paid_at IS NOT NULL",
    "WITH backs AS (
        SELECT p.store_id, p.id, p.amount,
            COALESCE(SUM(CASE WHEN r.kind = 'refund' AND r.state = 'standing' THEN r.amount END), 0) AS single,
            COALESCE(SUM(CASE WHEN r.kind = 'dispute' AND r.state = 'standing' THEN r.amount END), 0) AS lost,
            COALESCE(p.refunded_in_all, 0) - COALESCE(SUM(CASE WHEN r.kind = 'refund' AND r.state = 'void'
                AND r.at <= p.refunded_told_at AND r.state_at > p.refunded_told_at THEN r.amount END), 0) AS told
        FROM payments p LEFT JOIN refunds r ON r.store_id = p.store_id AND r.payment_id = p.id
        WHERE p.paid_at IS NOT NULL AND (p.refunded_in_all IS NOT NULL OR r.payment_id IS NOT NULL)
        GROUP BY p.store_id, p.id, p.amount, p.refunded_in_all
    ), sums AS (
        SELECT store_id, id, amount - lost - CASE WHEN told > single THEN told ELSE single END AS rest FROM backs
    )
    UPDATE payments SET kept = (
        SELECT CASE WHEN rest < 0 THEN 0 WHEN rest > amount THEN amount ELSE rest END FROM sums
        WHERE sums.store_id = payments.store_id AND sums.id = payments.id
    )
    WHERE EXISTS (SELECT 1 FROM sums WHERE sums.store_id = payments.store_id AND sums.id = payments.id)",
    // With all that sums need, so that they read no row.
    "DROP INDEX payments_customer",
    "CREATE INDEX payments_customer ON payments
        (store_id, customer_id, paid_at, id, kept, currency, subscription) WHERE customer_id IS NOT NULL",
    // What was last found out about the worth of a store's customers: JSON, made anew when it is old.
    "CREATE TABLE worth_reports (
        store_id {uuid} NOT NULL PRIMARY KEY,
        made_at {int} NOT NULL,
        took {int} NOT NULL,
        report TEXT NOT NULL
    ) {strict}",
];
