//! A large file that is imported into a SQLite database which nobody else has open: without the indexes
//! that only lists read, which are there again whatever happens.

use std::{future::ready, time::Duration};

use fanbase_domain::{
    ids::StoreId,
    merge::Tally,
    wire::{imports::ImportResponse, page::Page},
};
use fanbase_tests::{
    Api, Caller as _, Creator, Database,
    api::Credential,
    app::on_database,
    callers::PASSWORD,
    child::Binary,
    database::TestDatabase,
    files, poll,
    schema::{indexes, open},
};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use serde_json::json;

const OWNER: &str = "owner@creators.example";
/// Enough for the file to count as large.
const LARGE: u64 = 20_000;
/// Enough for two transactions.
const LARGER: u64 = 60_000;

/// Waits until a load has taken the indexes away.
async fn load_under_way(db: &DatabaseConnection) {
    poll::until("a load", async || (!indexes(db).await.contains_key("customers_name")).then_some(())).await;
}

struct Stage {
    fanbase: Binary,
    store: StoreId,
    file: String,
    expected: Tally,
    db: DatabaseConnection,
}

/// A store without customers, and a large file.
async fn set_up(database: &TestDatabase, rows: u64) -> Stage {
    let fanbase = Binary::on(database);
    let _ = fanbase.run(&["user", "create", "--email", OWNER, "--name", "Owner", "--password", PASSWORD]);
    let store = fanbase.run(&["store", "create", "--name", "Store", "--slug", "s1", "--owner", OWNER]);
    let (contacts, expected, _) = files::sample(rows, 0, 7);
    let file = database.folder.path().join("contacts.csv");
    std::fs::write(&file, contacts).unwrap();
    Stage {
        fanbase,
        store: serde_json::from_value(store["id"].clone()).unwrap(),
        file: file.to_string_lossy().into_owned(),
        expected: files::tally(&expected),
        db: open(&database.url).await,
    }
}

impl Stage {
    fn import(&self) -> Vec<&str> {
        vec!["import", &self.file, "--store", "s1"]
    }

    /// Checks that whoever is listed is counted and found.
    async fn check_lists(&self) {
        let recount = self.fanbase.run(&["recount", "--store", "s1"]);
        assert_eq!((&recount["drift"], &recount["accounts_drift"]), (&json!({}), &json!(0)), "{recount}");
        let checked = "INSERT INTO customers_search (customers_search, rank) VALUES ('integrity-check', 1)";
        let _ = self.db.execute_unprepared(checked).await.unwrap();
        let statement = Statement::from_string(self.db.get_database_backend(), "PRAGMA integrity_check");
        let told = self.db.query_one_raw(statement).await.unwrap().unwrap();
        assert_eq!(told.try_get_by_index::<String>(0).unwrap(), "ok");
    }
}

#[test]
fn a_load_leaves_the_indexes_as_they_were() {
    on_database(Database::Sqlite, async |database| {
        let stage = set_up(database, LARGE).await;
        let before = indexes(&stage.db).await;
        let mut import = stage.fanbase.begin(&stage.import());
        load_under_way(&stage.db).await;
        poll::until("the end of the import", || ready(import.has_ended().then_some(()))).await;
        assert_eq!(indexes(&stage.db).await, before);
        stage.check_lists().await;
        // The same again changes nothing, and is no load: its rows are few beside those that are there.
        let again = stage.fanbase.run(&stage.import());
        assert_eq!((&again["created"], &again["updated"]), (&json!(0), &json!(0)), "{again}");
        assert_eq!(indexes(&stage.db).await, before);
    });
}

#[test]
fn a_load_that_is_killed_is_mended_by_whoever_comes_next() {
    on_database(Database::Sqlite, async |database| {
        let stage = set_up(database, LARGER).await;
        let before = indexes(&stage.db).await;
        // When the indexes are gone; then in the middle of a transaction, or between two, or among the indexes.
        for moment in [0, 300, 1_000, 3_000] {
            let import = stage.fanbase.begin(&stage.import());
            match moment {
                0 => load_under_way(&stage.db).await,
                _ => tokio::time::sleep(Duration::from_millis(moment)).await,
            }
            import.kill();
            stage.check_lists().await;
            assert_eq!(indexes(&stage.db).await, before, "after {moment} ms");
        }
        // What was interrupted goes on by itself.
        let report = stage.fanbase.run(&stage.import());
        assert_eq!(
            (&report["rows"], &report["created"]),
            (&json!(stage.expected.rows), &json!(0)),
            "{report}"
        );
        let mut server = stage.fanbase.serve();
        let anonymous = Api::new(server.address().await, Credential::None);
        let store = Creator::sign_in(&anonymous, OWNER).await.open(stage.store);
        let imports: Page<ImportResponse> = store.get("/imports").await.expect(200).json();
        let first = imports.items.last().unwrap();
        assert_eq!(first.tally, stage.expected);
        assert_eq!(store.counts("").await.lead, first.tally.created);
    });
}

#[test]
fn a_server_waits_for_a_load() {
    on_database(Database::Sqlite, async |database| {
        let stage = set_up(database, LARGE).await;
        let before = indexes(&stage.db).await;
        let mut import = stage.fanbase.begin(&stage.import());
        load_under_way(&stage.db).await;
        let mut server = stage.fanbase.serve();
        let _ = server.address().await;
        assert_eq!(indexes(&stage.db).await, before);
        poll::until("the end of the import", || ready(import.has_ended().then_some(()))).await;
        stage.check_lists().await;
    });
}

#[test]
fn what_is_served_is_not_loaded() {
    on_database(Database::Sqlite, async |database| {
        let stage = set_up(database, LARGE).await;
        let before = indexes(&stage.db).await;
        let mut server = stage.fanbase.serve();
        let _ = server.address().await;
        let mut import = stage.fanbase.begin(&stage.import());
        while !import.has_ended() {
            assert_eq!(indexes(&stage.db).await, before);
        }
        stage.check_lists().await;
    });
}
