//! Imports, what was wrong with their rows, and what they changed.

use sea_orm_migration::{async_trait::async_trait, prelude::*};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, TABLES).await
    }
}

const TABLES: &[&str] = &[
    "CREATE TABLE imports (
        store_id {uuid} NOT NULL,
        id {uuid} NOT NULL,
        status TEXT NOT NULL
            CHECK (status IN ('queued', 'running', 'completed', 'failed', 'undoing', 'undone')),
        file_name TEXT NOT NULL,
        file_path TEXT NOT NULL,
        options TEXT NOT NULL,
        shape TEXT,
        bytes {int} NOT NULL,
        position_byte {int} NOT NULL,
        position_line {int} NOT NULL,
        row_count {int} NOT NULL,
        created {int} NOT NULL,
        updated {int} NOT NULL,
        unchanged {int} NOT NULL,
        duplicate_in_file {int} NOT NULL,
        invalid {int} NOT NULL,
        problems {int} NOT NULL,
        kept_unsubscribed {int} NOT NULL,
        undo_left {int} NOT NULL,
        error TEXT,
        created_at {int} NOT NULL,
        started_at {int},
        finished_at {int},
        PRIMARY KEY (store_id, id)
    ) {strict}",
    "CREATE INDEX imports_unfinished ON imports (status) WHERE status IN ('queued', 'running', 'undoing')",
    "CREATE TABLE import_problems (
        store_id {uuid} NOT NULL,
        import_id {uuid} NOT NULL,
        seq {int} NOT NULL,
        line {int} NOT NULL,
        email TEXT NOT NULL,
        severity TEXT NOT NULL CHECK (severity IN ('error', 'warning', 'undo')),
        code TEXT NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (store_id, import_id, seq)
    ) {strict}",
    // A row per person of the file who existed before, or was written more than once.
    "CREATE TABLE import_changes (
        store_id {uuid} NOT NULL,
        import_id {uuid} NOT NULL,
        customer_id {uuid} NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN ('created', 'updated', 'unchanged')),
        changes TEXT,
        version_before {int} NOT NULL,
        version {int} NOT NULL,
        PRIMARY KEY (store_id, import_id, customer_id)
    ) {strict}",
];
