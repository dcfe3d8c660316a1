//! What stores sell, and the facts of who enrolled, bought, paid and subscribed.

use sea_orm_migration::{async_trait::async_trait, prelude::*};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, CATALOGUE).await?;
        super::run(manager, FACTS).await
    }
}

const CATALOGUE: &[&str] = &[
    "CREATE TABLE courses (
        store_id {uuid} NOT NULL,
        id {uuid} NOT NULL,
        reference {sorted} NOT NULL,
        title TEXT NOT NULL,
        amount {int} CHECK (amount >= 0),
        currency TEXT CHECK (length(currency) = 3),
        created_at {int} NOT NULL,
        archived_at {int},
        PRIMARY KEY (store_id, id)
    ) {strict}",
    "CREATE UNIQUE INDEX courses_reference ON courses (store_id, reference)",
    "CREATE TABLE products (
        store_id {uuid} NOT NULL,
        id {uuid} NOT NULL,
        reference {sorted} NOT NULL,
        title TEXT NOT NULL,
        amount {int} CHECK (amount >= 0),
        currency TEXT CHECK (length(currency) = 3),
        created_at {int} NOT NULL,
        archived_at {int},
        PRIMARY KEY (store_id, id)
    ) {strict}",
    "CREATE UNIQUE INDEX products_reference ON products (store_id, reference)",
    "CREATE TABLE plans (
        store_id {uuid} NOT NULL,
        id {uuid} NOT NULL,
        reference {sorted} NOT NULL,
        title TEXT NOT NULL,
        amount {int} CHECK (amount >= 0),
        currency TEXT CHECK (length(currency) = 3),
        period TEXT NOT NULL CHECK (period IN ('day', 'week', 'month', 'year')),
        period_count {int} NOT NULL CHECK (period_count > 0),
        created_at {int} NOT NULL,
        archived_at {int},
        PRIMARY KEY (store_id, id)
    ) {strict}",
    "CREATE UNIQUE INDEX plans_reference ON plans (store_id, reference)",
    // By which price at Stripe something is sold.
    "CREATE TABLE stripe_prices (
        store_id {uuid} NOT NULL,
        price {sorted} NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('course', 'product', 'plan')),
        item_id {uuid} NOT NULL,
        PRIMARY KEY (store_id, price)
    ) {strict}",
    "CREATE INDEX stripe_prices_item ON stripe_prices (store_id, item_id)",
    // An event of Stripe names no store, so the next three find one without it.
    "CREATE INDEX stripe_prices_price ON stripe_prices (price)",
    "ALTER TABLE stores ADD COLUMN stripe_account {sorted}",
    "CREATE UNIQUE INDEX stores_stripe_account ON stores (stripe_account) WHERE stripe_account IS NOT NULL",
    // Whether events of the platform's own account may be about the store.
    "ALTER TABLE stores ADD COLUMN takes_platform_events {bool} NOT NULL DEFAULT FALSE",
    // As of when `connect_status` is: events about an account come in any order.
    "ALTER TABLE stores ADD COLUMN connect_told_at {int}",
    "ALTER TABLE stores ADD COLUMN idle_days {int} NOT NULL DEFAULT 180 CHECK (idle_days > 0)",
];

const FACTS: &[&str] = &[
    "ALTER TABLE customers ADD COLUMN follows_facts {int} NOT NULL DEFAULT 0",
    "CREATE TABLE enrollments (
        store_id {uuid} NOT NULL,
        id {uuid} NOT NULL,
        reference {sorted} NOT NULL,
        customer_id {uuid} NOT NULL,
        course_id {uuid} NOT NULL,
        enrolled_at {int} NOT NULL,
        progress {int} NOT NULL CHECK (progress BETWEEN 0 AND 100),
        progress_at {int} NOT NULL,
        accessed_at {int},
        completed_at {int},
        PRIMARY KEY (store_id, id)
    ) {strict}",
    "CREATE UNIQUE INDEX enrollments_reference ON enrollments (store_id, reference)",
    "CREATE INDEX enrollments_customer ON enrollments (store_id, customer_id, enrolled_at, id)",
    "CREATE INDEX enrollments_course ON enrollments (store_id, course_id, progress)",
    "CREATE TABLE purchases (
        store_id {uuid} NOT NULL,
        id {uuid} NOT NULL,
        reference {sorted} NOT NULL,
        customer_id {uuid} NOT NULL,
        kind TEXT CHECK (kind IN ('course', 'product', 'plan')),
        item_id {uuid},
        title TEXT,
        payment_name {sorted},
        purchased_at {int} NOT NULL,
        PRIMARY KEY (store_id, id)
    ) {strict}",
    "CREATE UNIQUE INDEX purchases_reference ON purchases (store_id, reference)",
    "CREATE INDEX purchases_customer ON purchases (store_id, customer_id, purchased_at, id)",
    "CREATE INDEX purchases_item ON purchases (store_id, item_id) WHERE item_id IS NOT NULL",
    // Without a customer and an amount while only what happened later is known of it.
    "CREATE TABLE payments (
        store_id {uuid} NOT NULL,
        id {uuid} NOT NULL,
        customer_id {uuid},
        subscription {sorted},
        title TEXT,
        paid_at {int},
        amount {int} CHECK (amount >= 0),
        currency TEXT CHECK (length(currency) = 3),
        refunded_in_all {int},
        refunded_told_at {int},
        PRIMARY KEY (store_id, id)
    ) {strict}",
    "CREATE INDEX payments_customer ON payments (store_id, customer_id, paid_at, id) WHERE customer_id IS NOT NULL",
    // A payment has several names; each report of it knows some of them.
    "CREATE TABLE payment_names (
        store_id {uuid} NOT NULL,
        name {sorted} NOT NULL,
        payment_id {uuid} NOT NULL,
        PRIMARY KEY (store_id, name)
    ) {strict}",
    "CREATE INDEX payment_names_payment ON payment_names (store_id, payment_id)",
    "CREATE INDEX payment_names_name ON payment_names (name)",
    "CREATE TABLE refunds (
        store_id {uuid} NOT NULL,
        reference {sorted} NOT NULL,
        payment_id {uuid} NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('refund', 'dispute')),
        at {int} NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'standing', 'void')),
        state_at {int} NOT NULL,
        amount {int} NOT NULL CHECK (amount >= 0),
        PRIMARY KEY (store_id, reference)
    ) {strict}",
    "CREATE INDEX refunds_payment ON refunds (store_id, payment_id)",
    // Whose it is and where it stands are told by different events, in any order.
    "CREATE TABLE subscriptions (
        store_id {uuid} NOT NULL,
        id {uuid} NOT NULL,
        reference {sorted} NOT NULL,
        customer_id {uuid},
        claimed_at {int},
        claimed_key {sorted},
        plan_id {uuid},
        title TEXT,
        told_at {int},
        status TEXT CHECK (status IN ('incomplete', 'trialing', 'active', 'past_due', 'unpaid',
            'paused', 'incomplete_expired', 'canceled')),
        period_end {int},
        cancel_at_period_end {int} NOT NULL DEFAULT 0,
        started_at {int},
        ended_at {int},
        amount {int} CHECK (amount >= 0),
        currency TEXT CHECK (length(currency) = 3),
        period TEXT CHECK (period IN ('day', 'week', 'month', 'year')),
        period_count {int} CHECK (period_count > 0),
        PRIMARY KEY (store_id, id)
    ) {strict}",
    "CREATE UNIQUE INDEX subscriptions_reference ON subscriptions (store_id, reference)",
    "CREATE INDEX subscriptions_customer ON subscriptions (store_id, customer_id, started_at, id)
        WHERE customer_id IS NOT NULL",
    "CREATE INDEX subscriptions_status ON subscriptions (store_id, status)",
    "CREATE INDEX subscriptions_name ON subscriptions (reference)",
    // One row is locked by whoever writes facts of a name, so that two reports of one fact wait for
    // each other on PostgreSQL.
    "CREATE TABLE fact_locks (slot {int} NOT NULL PRIMARY KEY) {strict}",
    "INSERT INTO fact_locks (slot)
        WITH RECURSIVE slots (slot) AS (SELECT 0 UNION ALL SELECT slot + 1 FROM slots WHERE slot < 255)
        SELECT slot FROM slots",
];
