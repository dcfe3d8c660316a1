//! What a distributed PostgreSQL demands of the schema and of statements. Citus itself is tried by hand,
//! as docs/SCALING.md says; this holds what can be held without it.

use std::{collections::BTreeSet, fs, path::Path};

use fanbase_api::db::{
    distribution::{Placement, placement},
    sql::Sql,
};
use fanbase_tests::{
    TestApp, child::Binary, database::TestDatabase, on_both_databases, on_both_databases_alone,
};
use sea_orm::DbBackend;

on_both_databases!(every_table_has_a_place_and_its_unique_indexes_hold_the_store);
on_both_databases_alone!(a_database_without_citus_is_not_distributed);

const TABLES: &str = "SELECT c.relname::text,
    EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'store_id')
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'";

const UNIQUE_INDEXES: &str = "SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text,
    EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attname = 'store_id'
            AND a.attnum = ANY (i.indkey))
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique";

async fn every_table_has_a_place_and_its_unique_indexes_hold_the_store(app: TestApp) {
    if app.db().backend() == DbBackend::Sqlite {
        return; // its tables are in one file
    }
    let mut distributed = BTreeSet::new();
    for row in Sql::new(TABLES).all(app.db().read()).await.unwrap() {
        let (name, has_store_id): (String, bool) =
            (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
        let place = placement(&name, has_store_id).unwrap_or_else(|| panic!("{name} has no place"));
        if place == Placement::Distributed {
            distributed.insert(name);
        }
    }
    assert!(distributed.len() > 20, "{distributed:?}");
    for row in Sql::new(UNIQUE_INDEXES).all(app.db().read()).await.unwrap() {
        let (table, index, holds_store): (String, String, bool) = (
            row.try_get_by_index(0).unwrap(),
            row.try_get_by_index(1).unwrap(),
            row.try_get_by_index(2).unwrap(),
        );
        assert!(holds_store || !distributed.contains(&table), "{index} of {table} does not hold store_id");
    }
    let joins = joins(&distributed);
    assert!(joins.len() > 10, "{joins:?}");
    for (place, join) in joins {
        assert!(join.contains("store_id"), "{place}: {join}");
    }
}

async fn a_database_without_citus_is_not_distributed(database: &TestDatabase) {
    let told = Binary::on(database).tell(&["distribute"]);
    assert_eq!(told.status, Some(1));
    assert!(told.error.contains("CREATE EXTENSION citus"), "{}", told.error);
}

#[test]
fn no_lateral_subquery_has_an_offset() {
    for (file, text) in sources() {
        for (at, _) in text.match_indices("LATERAL (") {
            let statement: String = text[at..].chars().take(500).collect();
            assert!(!statement.contains("OFFSET"), "{file}: {statement}");
        }
    }
}

/// Where tables of stores are joined, each with what follows.
fn joins(tables: &BTreeSet<String>) -> Vec<(String, String)> {
    let mut joins = Vec::new();
    for (file, text) in sources() {
        for (at, keyword) in text.match_indices("JOIN ") {
            let rest: String = text[at + keyword.len()..].chars().take(400).collect();
            let table =
                rest.split(|c: char| !(c.is_ascii_lowercase() || c == '_')).next().unwrap_or_default();
            // SQLite's full-text tables are joined by the number of a row, in one file.
            if tables.contains(table) && !rest.contains("row_id = s.rowid") {
                joins.push((file.clone(), rest));
            }
        }
    }
    joins
}

/// The sources of the server but for migrations.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/api/src");
    let (mut folders, mut sources) = (vec![root], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if path.file_name().is_some_and(|name| name != "migrations") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                sources.push((path.display().to_string(), text));
            }
        }
    }
    sources
}
