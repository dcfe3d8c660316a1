//! By which what has no customer lies person by person on SQLite: its `hex(NULL)` is an empty text, so
//! that everybody without an account was one person.

use sea_orm_migration::{async_trait::async_trait, prelude::*};

use crate::db::is_sqlite;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if !is_sqlite(manager.get_connection()) {
            return Ok(());
        }
        for table in ["enrollments", "subscriptions"] {
            let anew = [
                format!("DROP INDEX {table}_nobodys"),
                format!("ALTER TABLE {table} DROP COLUMN person"),
                format!("ALTER TABLE {table} ADD COLUMN person TEXT GENERATED ALWAYS AS ({PERSON}) VIRTUAL"),
                format!(
                    "CREATE INDEX {table}_nobodys ON {table} (store_id, person, id)
                     WHERE customer_id IS NULL"
                ),
            ];
            super::run(manager, &anew.each_ref().map(String::as_str)).await?;
        }
        Ok(())
    }
}

const PERSON: &str = "CASE WHEN user_id IS NULL THEN COALESCE(lower(email), '') ELSE hex(user_id) END";
