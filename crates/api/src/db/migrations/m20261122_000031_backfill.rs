//! Enrolments and subscriptions of people who are no customers yet, and the backfills that make
//! customers of them.

use sea_orm_migration::{async_trait::async_trait, prelude::*};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_sqlite = super::is_sqlite(manager.get_connection());
        super::run(manager, if is_sqlite { SQLITE } else { POSTGRES }).await?;
        super::run(manager, BOTH).await
    }
}

/// SQLite cannot let a column be without a value that had to have one, so the table is made anew.
const SQLITE: &[&str] = &[
    "CREATE TABLE enrollments_anew (
        store_id BLOB NOT NULL,
        id BLOB NOT NULL,
        reference TEXT NOT NULL,
        customer_id BLOB,
        course_id BLOB NOT NULL,
        enrolled_at INTEGER NOT NULL,
        progress INTEGER NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
        progress_at INTEGER NOT NULL DEFAULT 0,
        accessed_at INTEGER,
        completed_at INTEGER,
        user_id BLOB,
        email TEXT,
        name TEXT,
        person TEXT GENERATED ALWAYS AS (COALESCE(hex(user_id), lower(email), '')) VIRTUAL,
        PRIMARY KEY (store_id, id)
    ) STRICT",
    "INSERT INTO enrollments_anew (store_id, id, reference, customer_id, course_id, enrolled_at, progress,
         progress_at, accessed_at, completed_at)
     SELECT store_id, id, reference, customer_id, course_id, enrolled_at, progress, progress_at,
         accessed_at, completed_at FROM enrollments",
    "DROP TABLE enrollments",
    "ALTER TABLE enrollments_anew RENAME TO enrollments",
    "CREATE UNIQUE INDEX enrollments_reference ON enrollments (store_id, reference)",
    "CREATE INDEX enrollments_course ON enrollments (store_id, course_id, progress)",
    "CREATE INDEX enrollments_customer ON enrollments (store_id, customer_id, enrolled_at, id)
        WHERE customer_id IS NOT NULL",
    "ALTER TABLE subscriptions ADD COLUMN user_id BLOB",
    "ALTER TABLE subscriptions ADD COLUMN email TEXT",
    "ALTER TABLE subscriptions ADD COLUMN name TEXT",
    "ALTER TABLE subscriptions ADD COLUMN person TEXT
        GENERATED ALWAYS AS (COALESCE(hex(user_id), lower(email), '')) VIRTUAL",
];

const POSTGRES: &[&str] = &[
    "ALTER TABLE enrollments ALTER COLUMN customer_id DROP NOT NULL",
    "ALTER TABLE enrollments ALTER COLUMN progress SET DEFAULT 0",
    "ALTER TABLE enrollments ALTER COLUMN progress_at SET DEFAULT 0",
    "ALTER TABLE enrollments ADD COLUMN user_id uuid, ADD COLUMN email text, ADD COLUMN name text",
    "ALTER TABLE enrollments ADD COLUMN person text COLLATE \"C\"
        GENERATED ALWAYS AS (COALESCE(user_id::text, lower(email), '')) STORED",
    "ALTER TABLE subscriptions ADD COLUMN user_id uuid, ADD COLUMN email text, ADD COLUMN name text",
    "ALTER TABLE subscriptions ADD COLUMN person text COLLATE \"C\"
        GENERATED ALWAYS AS (COALESCE(user_id::text, lower(email), '')) STORED",
    "DROP INDEX enrollments_customer",
    "CREATE INDEX enrollments_customer ON enrollments (store_id, customer_id, enrolled_at, id)
        WHERE customer_id IS NOT NULL",
];

const BOTH: &[&str] = &[
    // Person by person, so that a customer who is made is written once, and rows of one customer lie
    // beside each other.
    "CREATE INDEX enrollments_nobodys ON enrollments (store_id, person, id) WHERE customer_id IS NULL",
    "CREATE INDEX subscriptions_nobodys ON subscriptions (store_id, person, id) WHERE customer_id IS NULL",
    "CREATE TABLE backfills (
        store_id {uuid} NOT NULL,
        id {uuid} NOT NULL,
        what TEXT NOT NULL CHECK (what IN ('courses', 'subscriptions')),
        dry_run {bool} NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'completed')),
        total {int} NOT NULL,
        position_person {sorted},
        position_id {uuid},
        found {int} NOT NULL,
        created {int} NOT NULL,
        updated {int} NOT NULL,
        errors {int} NOT NULL,
        created_at {int} NOT NULL,
        started_at {int},
        finished_at {int},
        PRIMARY KEY (store_id, id)
    ) {strict}",
    "CREATE INDEX backfills_unfinished ON backfills (status) WHERE status IN ('queued', 'running')",
    "CREATE TABLE backfill_problems (
        store_id {uuid} NOT NULL,
        backfill_id {uuid} NOT NULL,
        subject_id {uuid} NOT NULL,
        code TEXT NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (store_id, backfill_id, subject_id)
    ) {strict}",
    // Whom a dry run would have made a customer, for as long as it runs.
    "CREATE TABLE backfill_people (
        store_id {uuid} NOT NULL,
        backfill_id {uuid} NOT NULL,
        email_key {sorted} NOT NULL,
        PRIMARY KEY (store_id, backfill_id, email_key)
    ) {strict}",
];
