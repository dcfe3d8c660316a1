//! How fast customers are made for enrolments that a platform wrote, with how much memory, and how
//! long others wait to write meanwhile.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database as Connection};
use serde_json::{Value, json};

use super::{
    busy,
    http::{Client, print},
    process, table,
};
use crate::database::{Database, TestDatabase};

/// Where the server listens.
const LISTEN: &str = "127.0.0.1:18934";
/// The store that the demo makes.
const STORE: &str = "pause-play-repeat";
/// Customers and accounts that are there before.
const CUSTOMERS: &str = "47344";
const ACCOUNTS: u64 = 25_000;
const COURSES: u64 = 20;

/// Loads enrolments of so many people into both databases, and prints what a backfill takes.
pub async fn run(enrollments: u64, people: u64) {
    table::title(&format!("Backfill of {enrollments} enrolments of {people} people and {ACCOUNTS} accounts"));
    table::head(&["database", "what", "seconds", "enrolments/s", "peak MiB", "created", "updated", "errors"]);
    for kind in [Database::Sqlite, Database::Postgres] {
        measure(kind, enrollments, people).await;
    }
}

async fn measure(kind: Database, enrollments: u64, people: u64) {
    let database = TestDatabase::create(kind).await;
    let files = database.folder.path().join("files");
    let run = |arguments: &[&str]| process::output(process::fanbase(&database.url, &files, arguments));
    let accounts = ACCOUNTS.to_string();
    let demo: Value = serde_json::from_str(&run(&[
        "demo",
        "--without-sales",
        "--rows",
        CUSTOMERS,
        "--accounts",
        &accounts,
    ]))
    .unwrap();
    db_load(kind, &database.url, "first", enrollments, people).await;
    let backfill = |more: &[&str]| {
        let arguments = [&["backfill", "courses", "--store", STORE], more].concat();
        process::measure(process::fanbase(&database.url, &files, &arguments))
    };
    for (name, arguments) in [("dry run", ["--dry-run"].as_slice()), ("for good", &[]), ("once more", &[])] {
        let took = backfill(arguments);
        let told = last(&database.url).await;
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = told[0] as f64 / took.wall.as_secs_f64();
        table::row(&[
            format!("{kind:?}"),
            name.to_owned(),
            format!("{:.2}", took.wall.as_secs_f64()),
            format!("{rate:.0}"),
            took.peak_mib.to_string(),
            told[1].to_string(),
            told[2].to_string(),
            told[3].to_string(),
        ]);
    }
    let key = ["key", "create", "--store", STORE, "--scope", "fans:read", "fans:write", "imports:write"];
    let key: Value = serde_json::from_str(&run(&key)).unwrap();
    let client = Client::new(LISTEN, demo["store_id"].as_str().unwrap(), key["secret"].as_str().unwrap());
    db_load(kind, &database.url, "second", enrollments.min(100_000), people).await;
    let server = process::Server::start(&database.url, &files, LISTEN);
    client.wait().await;
    others(kind, &client).await;
    drop(server);
    let recount: Value = serde_json::from_str(&run(&["recount", "--store", STORE])).unwrap();
    assert_eq!(recount["drift"], json!({}), "{recount}");
    database.remove().await;
}

/// How long others wait while the server does a backfill.
async fn others(kind: Database, client: &Client) {
    let started = client.post("/backfills", &json!({ "what": "courses" })).await;
    let path = format!("/backfills/{}", started["id"].as_str().unwrap());
    let over = AtomicBool::new(false);
    let wait = async {
        while client.get(&path).await["finished_at"].is_null() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        over.store(true, Ordering::Relaxed);
    };
    let pages = busy::repeat(&over, async |_| drop(client.get("/fans?sort=name").await));
    let writes = busy::repeat(&over, async |i| client.add_customer(&format!("w{i}@other.example")).await);
    let ((), pages, writes) = tokio::join!(wait, pages, writes);
    table::title(&format!("{kind:?}: while a server does a backfill"));
    table::head(&["another client", "p50 ms", "p99 ms", "longest ms"]);
    print("first page by name", pages);
    print("adds a customer", writes);
}

/// What the last backfill says: found, created, updated, errors.
async fn last(url: &str) -> [i64; 4] {
    let db = connect(url).await;
    let statement = "SELECT found, created, updated, errors FROM backfills ORDER BY id DESC LIMIT 1";
    let statement = sea_orm::Statement::from_string(db.get_database_backend(), statement);
    let row = db.query_one_raw(statement).await.unwrap().unwrap();
    let told = [0, 1, 2, 3].map(|i| row.try_get_by_index(i).unwrap());
    db.close().await.unwrap();
    told
}

async fn connect(url: &str) -> sea_orm::DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Connection::connect(options).await.unwrap()
}

/// Writes enrolments past the API, as a platform does that shares the database: every fourth knows
/// the account, the others an address and a name.
async fn db_load(kind: Database, url: &str, prefix: &str, enrollments: u64, people: u64) {
    let db = connect(url).await;
    let (id, rows) = match kind {
        Database::Sqlite => (
            "randomblob(16)",
            format!(
                "WITH RECURSIVE r (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM r WHERE n + 1 < {enrollments})"
            ),
        ),
        Database::Postgres => (
            "gen_random_uuid()",
            format!("WITH r (n) AS (SELECT generate_series(0, {enrollments}::bigint - 1))"),
        ),
    };
    let run = async |sql: String| {
        db.execute_unprepared(&sql).await.unwrap();
    };
    for course in 0..COURSES {
        run(format!(
            "INSERT INTO courses (store_id, id, reference, title, created_at)
             SELECT id, {id}, 'course-{course}', 'Course {course}', 0 FROM stores WHERE slug = '{STORE}'
             ON CONFLICT DO NOTHING"
        ))
        .await;
    }
    for (table, from) in [("courses", "courses"), ("users", "users WHERE email_key IS NOT NULL")] {
        run(format!("DROP TABLE IF EXISTS numbered_{table}")).await;
        run(format!(
            "CREATE TABLE numbered_{table} AS SELECT ROW_NUMBER() OVER (ORDER BY id) - 1 AS n, id FROM {from}"
        ))
        .await;
        run(format!("CREATE UNIQUE INDEX numbered_{table}_n ON numbered_{table} (n)")).await;
    }
    run(format!(
        "INSERT INTO enrollments (store_id, id, reference, course_id, enrolled_at, user_id, email, name)
         {rows} SELECT s.id, {id}, '{prefix}-' || r.n, c.id, 1700000000000 + r.n, u.id,
             CASE WHEN u.id IS NULL THEN 'fan' || (r.n * 7919 % {people}) || '@people.example' END,
             CASE WHEN u.id IS NULL THEN 'Fan ' || (r.n * 7919 % {people}) END
         FROM r CROSS JOIN (SELECT id FROM stores WHERE slug = '{STORE}') s
         JOIN numbered_courses c ON c.n = r.n % {COURSES}
         LEFT JOIN numbered_users u ON r.n % 4 = 0 AND u.n = r.n / 4 % {ACCOUNTS}"
    ))
    .await;
    run("DROP TABLE numbered_courses".to_owned()).await;
    run("DROP TABLE numbered_users".to_owned()).await;
    if kind == Database::Postgres {
        run("VACUUM ANALYZE enrollments".to_owned()).await;
    }
    db.close().await.unwrap();
}
