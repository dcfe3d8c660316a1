//! By which what has no customer lies person by person on SQLite: its `hex(NULL)` is an empty text, so
//! that everybody without an account was one person.

use sea_orm_migration::{async_trait::async_trait, prelude::*};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run_on_sqlite(manager, PERSONS).await
    }
}

const PERSONS: &[&str] = &[
    "DROP INDEX enrollments_nobodys",
    "ALTER TABLE enrollments DROP COLUMN person",
    "ALTER TABLE enrollments ADD COLUMN person TEXT GENERATED ALWAYS AS
        (CASE WHEN user_id IS NULL THEN COALESCE(lower(email), '') ELSE hex(user_id) END) VIRTUAL",
    "CREATE INDEX enrollments_nobodys ON enrollments (store_id, person, id) WHERE customer_id IS NULL",
    "DROP INDEX subscriptions_nobodys",
    "ALTER TABLE subscriptions DROP COLUMN person",
    "ALTER TABLE subscriptions ADD COLUMN person TEXT GENERATED ALWAYS AS
        (CASE WHEN user_id IS NULL THEN COALESCE(lower(email), '') ELSE hex(user_id) END) VIRTUAL",
    "CREATE INDEX subscriptions_nobodys ON subscriptions (store_id, person, id) WHERE customer_id IS NULL",
];
