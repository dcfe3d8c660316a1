//! How fans are found is a guess, and what was learnt of a filter a moment ago may be wrong by now: that
//! costs time, never anybody.

use fanbase_domain::wire::bulk::BulkResponse;
use fanbase_tests::{
    Caller as _, Database, Store, TestApp, app::on_database, child::Binary, on_both_databases,
};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::json;

on_both_databases!(
    whom_a_filter_admits_may_become_many_at_once,
    a_search_finds_thousands_each_once_and_nobody_else,
);

/// More than are ever gathered and sorted.
const MANY: usize = 6_000;

async fn emails(store: &Store, query: &str) -> usize {
    let mut emails: Vec<String> = store.fans(query).await.into_iter().map(|fan| fan.email).collect();
    emails.sort();
    emails.dedup();
    emails.len()
}

async fn whom_a_filter_admits_may_become_many_at_once(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let rows = (0..MANY).map(|i| format!("c{i}@x.example,{}\n", if i < 10 { "vip" } else { "" }));
    store.import("", format!("Email,Tags\n{}", rows.collect::<String>())).await;
    let queries = ["tag=vip&sort=name", "tag=vip&sort=-created_at", "tag=vip&sort=email"];
    for query in queries {
        assert_eq!(emails(&store, query).await, 10);
    }
    assert_eq!(store.counts("tag=vip").await.lead, 10);
    let request = json!({ "action": "tag", "tags": ["vip"] });
    let told: BulkResponse = store.post("/fans/bulk?type=lead", &request).await.expect(200).json();
    assert_eq!((told.matched, told.changed), (MANY as u64, MANY as u64 - 10));
    for query in queries {
        assert_eq!(emails(&store, query).await, MANY, "{query}");
    }
    assert_eq!(store.counts("tag=vip").await.lead, MANY as u64);
    let request = json!({ "action": "delete" });
    let told: BulkResponse = store.post("/fans/bulk?tag=vip", &request).await.expect(200).json();
    assert_eq!((told.matched, told.changed), (MANY as u64, MANY as u64));
    store.assert_no_drift().await;
}

/// Half of all are found, in between others who have the same letters in threes, but not the word.
async fn a_search_finds_thousands_each_once_and_nobody_else(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    app.db_create_account("anna.account@x.example").await;
    let rows = (0..MANY).map(|i| format!("c{i}@x.example,{}\n", if i % 2 == 0 { "Anna" } else { "Ann Nna" }));
    store.import("", format!("Email,First Name\n{}", rows.collect::<String>())).await;
    for sort in ["-created_at", "name", "-email", "-score"] {
        assert_eq!(emails(&store, &format!("search=anna&sort={sort}")).await, MANY / 2 + 1, "{sort}");
    }
    let counts = store.counts("search=anna").await;
    assert_eq!((counts.lead, counts.user), (MANY as u64 / 2, 1));
    let page = store.get(&format!("/fans?search=anna&at={}", MANY / 4)).await.expect(200).text();
    assert!(page.contains("Anna") && !page.contains("Nna"), "{page}");
}

/// PostgreSQL notices by itself that a table has grown; SQLite believes what was written down once.
#[test]
fn a_store_that_was_small_once_is_not_looked_through() {
    on_database(Database::Sqlite, async |database| {
        let file = database.folder.path().join("few.csv");
        std::fs::write(&file, "Email\nanna@x.example\n").unwrap();
        let fanbase = Binary::on(database);
        let user = ["user", "create", "--email", "ava@x.example", "--name", "Ava", "--password", "12345678"];
        let _ = fanbase.run(&user);
        let store = [
            "store",
            "create",
            "--name",
            "Store",
            "--slug",
            "s1",
            "--currency",
            "USD",
            "--owner",
            "ava@x.example",
        ];
        let _ = fanbase.run(&store);
        // Each process closes the database when it ends.
        let _ = fanbase.run(&["import", &file.to_string_lossy(), "--store", "s1"]);
        let _ = fanbase.run(&["recount", "--store", "s1"]);
        let db = sea_orm::Database::connect(&database.url).await.unwrap();
        for column in ["email_key", "id"] {
            let asked = format!(
                "EXPLAIN QUERY PLAN SELECT kind FROM json_each('[1, 2]') AS wanted
                 CROSS JOIN customers ON customers.{column} = value AND store_id = x'01'"
            );
            let rows =
                db.query_all_raw(Statement::from_string(db.get_database_backend(), asked)).await.unwrap();
            let plan: Vec<String> = rows.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
            let found = format!("(store_id=? AND {column}=?)");
            assert!(plan.last().is_some_and(|step| step.contains(&found)), "{plan:?}");
        }
        db.close().await.unwrap();
    });
}
