//! Who must not be mailed although they were deleted, and where addresses stand that have to go with them.

use sea_orm_migration::{async_trait::async_trait, prelude::*};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SUPPRESSIONS).await?;
        super::run(manager, PLACES).await
    }
}

const SUPPRESSIONS: &[&str] = &[
    // `store_id` is the nil UUID where no store of the platform may mail the address.
    "CREATE TABLE suppressions (
        store_id {uuid} NOT NULL,
        email_hash {sorted} NOT NULL,
        reason TEXT NOT NULL CHECK (reason IN ('unsubscribed', 'bounced', 'complained', 'manual')),
        origin TEXT NOT NULL CHECK (origin IN ('erasure', 'import', 'link', 'bounce', 'complaint', 'manual')),
        at {int} NOT NULL,
        PRIMARY KEY (store_id, email_hash)
    ) {strict}",
    "CREATE INDEX suppressions_time ON suppressions (store_id, at, email_hash)",
];

const PLACES: &[&str] = &[
    "ALTER TABLE webhook_events ADD COLUMN store_id {uuid}",
    // Keyed hashes of the addresses that a stored event names.
    "CREATE TABLE webhook_event_emails (
        email_hash {sorted} NOT NULL,
        source TEXT NOT NULL,
        external_id {sorted} NOT NULL,
        received_at {int} NOT NULL,
        PRIMARY KEY (email_hash, source, external_id)
    ) {strict}",
    "CREATE INDEX webhook_event_emails_time ON webhook_event_emails (received_at)",
    "ALTER TABLE import_problems ADD COLUMN email_hash {sorted}",
    "CREATE INDEX import_problems_email ON import_problems (store_id, email_hash) WHERE email_hash IS NOT NULL",
    "ALTER TABLE idempotency_keys ADD COLUMN email_hash {sorted}",
    "CREATE INDEX idempotency_keys_email ON idempotency_keys (store_id, email_hash) WHERE email_hash IS NOT NULL",
    "CREATE INDEX audit_log_subject ON audit_log (store_id, subject_id) WHERE subject_id IS NOT NULL",
];
