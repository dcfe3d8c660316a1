//! Customers, what describes them, and the counters.

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
    "CREATE TABLE tags (
        store_id {uuid} NOT NULL,
        id {uuid} NOT NULL,
        name TEXT NOT NULL,
        name_key {sorted} NOT NULL,
        PRIMARY KEY (store_id, id)
    ) {strict}",
    "CREATE UNIQUE INDEX tags_name ON tags (store_id, name_key)",
    "CREATE TABLE custom_fields (
        store_id {uuid} NOT NULL,
        id {uuid} NOT NULL,
        key {sorted} NOT NULL,
        label TEXT NOT NULL,
        PRIMARY KEY (store_id, id)
    ) {strict}",
    "CREATE UNIQUE INDEX custom_fields_key ON custom_fields (store_id, key)",
    "CREATE TABLE notes (
        store_id {uuid} NOT NULL,
        customer_id {uuid} NOT NULL,
        id {uuid} NOT NULL,
        text TEXT NOT NULL,
        author_id {uuid},
        created_at {int} NOT NULL,
        PRIMARY KEY (store_id, customer_id, id)
    ) {strict}",
    "CREATE TABLE activities (
        store_id {uuid} NOT NULL,
        customer_id {uuid} NOT NULL,
        id {uuid} NOT NULL,
        kind TEXT NOT NULL,
        detail TEXT,
        at {int} NOT NULL,
        PRIMARY KEY (store_id, customer_id, id)
    ) {strict}",
    "CREATE INDEX activities_time ON activities (store_id, customer_id, at, id)",
    // Counters change in the transaction of what they count. On PostgreSQL each is spread
    // over a few slots, so that writers do not queue for one row.
    "CREATE TABLE fan_counts (
        store_id {uuid} NOT NULL,
        counter TEXT NOT NULL,
        slot {int} NOT NULL,
        n {int} NOT NULL,
        PRIMARY KEY (store_id, counter, slot)
    ) {strict}",
    "CREATE TABLE settings (
        name TEXT NOT NULL PRIMARY KEY,
        value {bytes} NOT NULL
    ) {strict}",
];

const SQLITE: &[&str] = &[
    // What a search counts by comes first: SQLite reads a row from its start.
    "CREATE TABLE customers (
        row_id INTEGER PRIMARY KEY,
        store_id BLOB NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('lead', 'paying', 'subscription')),
        search_text TEXT NOT NULL,
        id BLOB NOT NULL,
        email TEXT NOT NULL,
        email_key TEXT NOT NULL,
        first_name TEXT,
        last_name TEXT,
        full_name TEXT,
        name_sort TEXT,
        phone TEXT,
        alias TEXT,
        source TEXT NOT NULL,
        source_detail TEXT,
        consent TEXT NOT NULL
            CHECK (consent IN ('subscribed', 'unconfirmed', 'unsubscribed', 'bounced', 'complained')),
        status TEXT NOT NULL CHECK (status IN ('active', 'inactive')),
        score INTEGER,
        total_spent INTEGER NOT NULL CHECK (total_spent >= 0),
        attributes TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        last_activity_at INTEGER,
        user_id BLOB,
        import_id BLOB,
        version INTEGER NOT NULL
    ) STRICT",
    "CREATE UNIQUE INDEX customers_id ON customers (store_id, id)",
    "CREATE UNIQUE INDEX customers_email ON customers (store_id, email_key)",
    "CREATE UNIQUE INDEX customers_user ON customers (store_id, user_id) WHERE user_id IS NOT NULL",
    // A new account is linked in every store that knows its address, and a deleted one unlinked.
    "CREATE INDEX customers_address ON customers (email_key) WHERE user_id IS NULL",
    "CREATE INDEX customers_account ON customers (user_id) WHERE user_id IS NOT NULL",
    "CREATE INDEX customers_created ON customers (store_id, created_at, id)",
    "CREATE INDEX customers_name ON customers (store_id, name_sort, id)",
    "CREATE INDEX customers_spent ON customers (store_id, total_spent, id)",
    "CREATE INDEX customers_score ON customers (store_id, score, id)",
    "CREATE INDEX customers_active ON customers (store_id, last_activity_at, id)",
    // Leads are nearly everyone, so that walking any other index finds them.
    "CREATE INDEX customers_kind ON customers (store_id, kind, created_at, id) WHERE kind <> 'lead'",
    "CREATE TABLE customer_tags (
        store_id BLOB NOT NULL,
        customer_id BLOB NOT NULL,
        tag_id BLOB NOT NULL,
        PRIMARY KEY (store_id, customer_id, tag_id)
    ) STRICT, WITHOUT ROWID",
    "CREATE INDEX customer_tags_tag ON customer_tags (store_id, tag_id, customer_id)",
    "CREATE VIRTUAL TABLE customers_search USING fts5(
        search_text, content = 'customers', content_rowid = 'row_id',
        detail = none, columnsize = 0, tokenize = 'trigram case_sensitive 1')",
    // Postings are written in runs of 16 MiB instead of 1, which leaves less to merge.
    "INSERT INTO customers_search (customers_search, rank) VALUES ('hashsize', 16777216)",
];

const POSTGRES: &[&str] = &[
    "CREATE TABLE customers (
        store_id uuid NOT NULL,
        id uuid NOT NULL,
        email text NOT NULL,
        email_key text COLLATE \"C\" NOT NULL,
        first_name text,
        last_name text,
        full_name text,
        name_sort text COLLATE \"C\",
        phone text,
        alias text,
        search_text text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('lead', 'paying', 'subscription')),
        source text NOT NULL,
        source_detail text,
        consent text NOT NULL
            CHECK (consent IN ('subscribed', 'unconfirmed', 'unsubscribed', 'bounced', 'complained')),
        status text NOT NULL CHECK (status IN ('active', 'inactive')),
        score bigint,
        total_spent bigint NOT NULL CHECK (total_spent >= 0),
        attributes text NOT NULL,
        created_at bigint NOT NULL,
        last_activity_at bigint,
        user_id uuid,
        import_id uuid,
        version bigint NOT NULL,
        PRIMARY KEY (store_id, id)
    )",
    "CREATE UNIQUE INDEX customers_email ON customers (store_id, email_key)",
    "CREATE UNIQUE INDEX customers_user ON customers (store_id, user_id) WHERE user_id IS NOT NULL",
    "CREATE INDEX customers_address ON customers (email_key) WHERE user_id IS NULL",
    "CREATE INDEX customers_account ON customers (user_id) WHERE user_id IS NOT NULL",
    "CREATE INDEX customers_created ON customers (store_id, created_at, id)",
    "CREATE INDEX customers_name ON customers (store_id, name_sort, id)",
    "CREATE INDEX customers_spent ON customers (store_id, total_spent, id)",
    "CREATE INDEX customers_score ON customers (store_id, score, id)",
    "CREATE INDEX customers_active ON customers (store_id, last_activity_at, id)",
    "CREATE INDEX customers_kind ON customers (store_id, kind, created_at, id) WHERE kind <> 'lead'",
    "CREATE INDEX customers_search ON customers USING gin (search_text gin_trgm_ops)",
    "CREATE TABLE customer_tags (
        store_id uuid NOT NULL,
        customer_id uuid NOT NULL,
        tag_id uuid NOT NULL,
        PRIMARY KEY (store_id, customer_id, tag_id)
    )",
    "CREATE INDEX customer_tags_tag ON customer_tags (store_id, tag_id, customer_id)",
];
