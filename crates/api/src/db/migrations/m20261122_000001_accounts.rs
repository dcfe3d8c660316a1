//! Accounts, stores, who may open which, and how they prove it.

use sea_orm_migration::{async_trait::async_trait, prelude::*};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, TABLES).await?;
        super::run(manager, if super::is_sqlite(manager.get_connection()) { SQLITE } else { POSTGRES }).await
    }
}

const TABLES: &[&str] = &[
    "CREATE TABLE stores (
        id {uuid} NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        slug TEXT NOT NULL UNIQUE,
        currency TEXT NOT NULL CHECK (length(currency) = 3),
        version {int} NOT NULL,
        created_at {int} NOT NULL
    ) {strict}",
    "CREATE TABLE store_members (
        store_id {uuid} NOT NULL,
        user_id {uuid} NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('owner')),
        created_at {int} NOT NULL,
        PRIMARY KEY (store_id, user_id)
    ) {strict}",
    "CREATE INDEX store_members_user ON store_members (user_id)",
    "CREATE TABLE sessions (
        token_hash {bytes} NOT NULL PRIMARY KEY,
        user_id {uuid} NOT NULL,
        created_at {int} NOT NULL,
        expires_at {int} NOT NULL
    ) {strict}",
    "CREATE INDEX sessions_user ON sessions (user_id)",
    "CREATE TABLE api_keys (
        store_id {uuid} NOT NULL,
        id {uuid} NOT NULL,
        name TEXT NOT NULL,
        prefix TEXT NOT NULL,
        secret_hash {bytes} NOT NULL,
        scopes TEXT NOT NULL,
        created_at {int} NOT NULL,
        last_used_at {int},
        revoked_at {int},
        PRIMARY KEY (store_id, id)
    ) {strict}",
    // A key names no store when it is shown, so it has to be found without one.
    "CREATE UNIQUE INDEX api_keys_secret ON api_keys (secret_hash)",
    "CREATE TABLE user_counts (
        slot {int} NOT NULL PRIMARY KEY,
        with_email {int} NOT NULL
    ) {strict}",
    // One row is locked by whoever writes an address, so that an account and a customer
    // of the same address that are written at the same moment do not miss each other.
    "CREATE TABLE link_locks (slot {int} NOT NULL PRIMARY KEY) {strict}",
    "INSERT INTO link_locks (slot) VALUES
        (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15)",
];

const SQLITE: &[&str] = &[
    // The row id is written out because the search index refers to it and VACUUM may
    // renumber one that is not.
    "CREATE TABLE users (
        row_id INTEGER PRIMARY KEY,
        id BLOB NOT NULL UNIQUE,
        email TEXT,
        email_key TEXT UNIQUE,
        name TEXT,
        name_sort TEXT,
        search_text TEXT NOT NULL,
        avatar_url TEXT,
        password_hash TEXT,
        is_admin INTEGER NOT NULL CHECK (is_admin IN (0, 1)),
        created_at INTEGER NOT NULL,
        last_sign_in_at INTEGER
    ) STRICT",
    "CREATE INDEX users_created ON users (created_at, id)",
    "CREATE INDEX users_name ON users (name_sort, id)",
    "CREATE INDEX users_seen ON users (last_sign_in_at, id)",
    "CREATE VIRTUAL TABLE users_search USING fts5(
        search_text, content = 'users', content_rowid = 'row_id',
        detail = none, columnsize = 0, tokenize = 'trigram case_sensitive 1')",
];

const POSTGRES: &[&str] = &[
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE TABLE users (
        id uuid NOT NULL PRIMARY KEY,
        email text,
        email_key text COLLATE \"C\" UNIQUE,
        name text,
        name_sort text COLLATE \"C\",
        search_text text NOT NULL,
        avatar_url text,
        password_hash text,
        is_admin boolean NOT NULL,
        created_at bigint NOT NULL,
        last_sign_in_at bigint
    )",
    "CREATE INDEX users_created ON users (created_at, id)",
    "CREATE INDEX users_name ON users (name_sort, id)",
    "CREATE INDEX users_seen ON users (last_sign_in_at, id)",
    "CREATE INDEX users_search ON users USING gin (search_text gin_trgm_ops)",
];
