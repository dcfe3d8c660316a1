//! Roles, invitations, sessions that can be listed, keys that expire, suspended accounts, and
//! the log of who did what.

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
    // SQLite cannot change a CHECK.
    "CREATE TABLE members_with_roles (
        store_id {uuid} NOT NULL,
        user_id {uuid} NOT NULL,
        role TEXT NOT NULL CHECK
            (role IN ('AGENCY_OWNER', 'AGENCY_ADMIN', 'SUBACCOUNT_USER', 'SUBACCOUNT_GUEST')),
        created_at {int} NOT NULL,
        PRIMARY KEY (store_id, user_id)
    ) {strict}",
    "INSERT INTO members_with_roles SELECT store_id, user_id, 'AGENCY_OWNER', created_at FROM store_members",
    "DROP TABLE store_members",
    "ALTER TABLE members_with_roles RENAME TO store_members",
    "CREATE INDEX store_members_user ON store_members (user_id)",
    "CREATE TABLE invitations (
        store_id {uuid} NOT NULL,
        id {uuid} NOT NULL,
        email TEXT NOT NULL,
        email_key {sorted} NOT NULL,
        role TEXT NOT NULL CHECK
            (role IN ('AGENCY_OWNER', 'AGENCY_ADMIN', 'SUBACCOUNT_USER', 'SUBACCOUNT_GUEST')),
        token_hash {bytes} NOT NULL,
        created_at {int} NOT NULL,
        expires_at {int} NOT NULL,
        PRIMARY KEY (store_id, id)
    ) {strict}",
    "CREATE UNIQUE INDEX invitations_address ON invitations (store_id, email_key)",
    // The secret names no store, so the invitation has to be found without one.
    "CREATE UNIQUE INDEX invitations_token ON invitations (token_hash)",
    "ALTER TABLE users ADD COLUMN suspended_at {int}",
    // Everybody signs in once more: the old sessions have no id to be ended by.
    "DROP TABLE sessions",
    "CREATE TABLE sessions (
        token_hash {bytes} NOT NULL PRIMARY KEY,
        id {uuid} NOT NULL,
        user_id {uuid} NOT NULL,
        address TEXT,
        user_agent TEXT,
        created_at {int} NOT NULL,
        expires_at {int} NOT NULL
    ) {strict}",
    "CREATE INDEX sessions_user ON sessions (user_id, id)",
    "ALTER TABLE api_keys ADD COLUMN expires_at {int}",
    "ALTER TABLE stores ADD COLUMN shows_accounts {bool} NOT NULL DEFAULT TRUE",
    // The nil UUID stands for the platform.
    "CREATE TABLE audit_log (
        store_id {uuid} NOT NULL,
        id {uuid} NOT NULL,
        at {int} NOT NULL,
        actor TEXT NOT NULL CHECK (actor IN ('user', 'api_key', 'webhook', 'command_line', 'nobody')),
        actor_id {uuid},
        address TEXT,
        request_id TEXT,
        action TEXT NOT NULL,
        subject_id {uuid},
        before TEXT,
        after TEXT,
        PRIMARY KEY (store_id, id)
    ) {strict}",
    "CREATE INDEX audit_log_time ON audit_log (id)",
];
