//! How fast pages, counts and searches are, over HTTP on this machine.

use std::{path::Path, process::Command, time::Instant};

use serde_json::Value;

use super::{
    busy,
    http::{Client, REQUESTS, print},
    linked, process, table,
};
use crate::database::{Database, TestDatabase};

/// Where the server listens.
const LISTEN: &str = "127.0.0.1:18931";
/// Rows that are imported while others read and write.
const ROWS: &str = "47344";

/// Sets up an audience on both databases and prints what its lists and counts take.
pub async fn run(on: &[Database], customers: u64, accounts: u64) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("more.csv");
    let mut sample = Command::new(process::binary());
    sample.arg("sample").arg(&file).args(["--rows", ROWS, "--seed", "2"]);
    process::output(sample);
    for kind in on.iter().copied() {
        measure(kind, customers, accounts, &file).await;
    }
}

async fn measure(kind: Database, customers: u64, accounts: u64, file: &Path) {
    let database = TestDatabase::create(kind).await;
    let files = database.folder.path().join("files");
    let run = |arguments: &[&str]| process::output(process::fanbase(&database.url, &files, arguments));
    let (rows, users) = (customers.to_string(), accounts.to_string());
    let demo: Value =
        serde_json::from_str(&run(&["demo", "--without-sales", "--rows", &rows, "--accounts", &users]))
            .unwrap();
    let scopes = ["fans:read", "fans:write", "imports:write"].map(|scope| ["--scope", scope]).concat();
    let key = [&["key", "create", "--store", "pause-play-repeat"], scopes.as_slice()].concat();
    let key: Value = serde_json::from_str(&run(&key)).unwrap();
    if kind == Database::Postgres {
        analyze(&database.url).await;
    }
    let client = Client::new(LISTEN, demo["store_id"].as_str().unwrap(), key["secret"].as_str().unwrap());
    let server = process::Server::start(&database.url, &files, LISTEN);
    client.wait().await;
    client.settle().await;
    table::title(&format!("{kind:?}: {customers} contacts, {accounts} accounts"));
    table::head(&["query", "p50 ms", "p99 ms", "longest ms"]);
    measure_lists(&client).await;
    measure_counts(&client).await;
    table::title(&format!("{kind:?}: requests per second"));
    client.measure_rates().await;
    busy::measure(&client, file).await;
    drop(server);
    linked::db_link(kind, &database.url, accounts).await;
    run(&["recount", "--store", "pause-play-repeat"]);
    let server = process::Server::start(&database.url, &files, LISTEN);
    client.wait().await;
    client.settle().await;
    table::title(&format!("{kind:?}: 99.9 % of the accounts are customers"));
    table::head(&["query", "p50 ms", "p99 ms", "longest ms"]);
    measure_sorts(&client).await;
    client.measure_pages("type=user", "/fans?type=user").await;
    drop(server);
    database.remove().await;
}

async fn analyze(url: &str) {
    use sqlx::{Connection as _, Executor as _};
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    connection.execute("VACUUM ANALYZE").await.unwrap();
    connection.close().await.unwrap();
}

async fn measure_sorts(client: &Client) {
    for sort in ["-created_at", "name", "email", "-total_spent", "-score", "-last_activity_at"] {
        client.measure_pages(&format!("by {sort}"), &format!("/fans?sort={sort}")).await;
    }
}

async fn measure_lists(client: &Client) {
    let total = client.get("/fans/counts").await["total"].as_u64().unwrap();
    measure_sorts(client).await;
    let started = Instant::now();
    client.get(&format!("/fans?sort=name&at={}", total / 2)).await;
    print("the first jump by name (builds the ladder)", vec![started.elapsed()]);
    client.get(&format!("/fans?at={}", total / 2)).await;
    let jumps: Vec<String> =
        (0..REQUESTS as u64).map(|i| format!("/fans?at={}", i * total / REQUESTS as u64)).collect();
    client.measure("jumps all over", &jumps).await;
    let mut pages = Vec::new();
    let mut cursor = client.get(&format!("/fans?at={}", total * 9 / 10)).await["next_cursor"].clone();
    while let (Some(at), true) = (cursor.as_str(), pages.len() < REQUESTS) {
        pages.push(format!("/fans?cursor={at}"));
        cursor = client.get(&format!("/fans?cursor={at}")).await["next_cursor"].clone();
    }
    client.measure("pages at nine tenths of the depth", &pages).await;
    for filter in ["type=user", "type=lead", "tag=Newsletter", "consent=bounced"] {
        client.measure_pages(filter, &format!("/fans?{filter}")).await;
    }
    for word in ["gmail", "anna", "lindqvist", "studio.io", "zzzqx", "an"] {
        client.measure_changed(&format!("search {word}"), &format!("/fans?search={word}")).await;
    }
}

async fn measure_counts(client: &Client) {
    client.measure_changed("counts", "/fans/counts").await;
    for filter in ["search=anna", "search=gmail", "tag=Newsletter", "consent=bounced", "min_score=300"] {
        client.measure_few(&format!("exact count of {filter}"), &format!("/fans/counts?{filter}")).await;
    }
}
