//! Accounts that come from Clerk, the addresses that they have had, and the events that told of them.

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
    // An account that is deleted stays as a tombstone, without personal data, so that what refers
    // to it still does, and an event that comes late does not bring it back.
    "ALTER TABLE users ADD COLUMN deleted_at {int}",
    // What Clerk says of an account; `users` says what it is here. They differ where two accounts
    // claim one address: one has it.
    "CREATE TABLE clerk_accounts (
        clerk_id {sorted} NOT NULL PRIMARY KEY,
        user_id {uuid} NOT NULL UNIQUE,
        updated_at {int},
        profile TEXT,
        claimed_key {sorted}
    ) {strict}",
    "CREATE INDEX clerk_accounts_claim ON clerk_accounts (claimed_key) WHERE claimed_key IS NOT NULL",
    // The addresses that an account of Clerk has had: what its links are explained by.
    "CREATE TABLE user_addresses (
        user_id {uuid} NOT NULL,
        email_key {sorted} NOT NULL,
        since {int} NOT NULL,
        PRIMARY KEY (user_id, email_key)
    ) {strict}",
    "CREATE INDEX user_addresses_key ON user_addresses (email_key)",
    "CREATE TABLE webhook_events (
        source TEXT NOT NULL CHECK (source IN ('clerk', 'stripe')),
        external_id {sorted} NOT NULL,
        kind TEXT NOT NULL,
        subject {sorted},
        occurred_at {int} NOT NULL,
        received_at {int} NOT NULL,
        payload TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('processed', 'ignored', 'failed')),
        error TEXT,
        attempts {int} NOT NULL,
        PRIMARY KEY (source, external_id)
    ) {strict}",
    "CREATE INDEX webhook_events_time ON webhook_events (received_at, source, external_id)",
    "CREATE INDEX webhook_events_subject ON webhook_events (subject) WHERE subject IS NOT NULL",
];
