//! How fast the customers page and the detail of a customer are, with courses, products and a long history.

use fanbase_api::db::sql::Sql;
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database as Connection};
use serde_json::Value;

use super::{
    http::{Client, REQUESTS},
    process, table,
};
use crate::database::{Database, TestDatabase};

/// Where the server listens.
const LISTEN: &str = "127.0.0.1:18935";
/// The store that the demo makes.
const STORE: &str = "pause-play-repeat";
/// Courses, and as many products.
const ITEMS: u64 = 20;

/// Fills both databases with customers and what they did, and prints what their pages take.
pub async fn run(on: &[Database], customers: u64, enrollments: u64, activities: u64) {
    for kind in on.iter().copied() {
        measure(kind, customers, enrollments, activities).await;
    }
}

async fn measure(kind: Database, customers: u64, enrollments: u64, activities: u64) {
    let database = TestDatabase::create(kind).await;
    let files = database.folder.path().join("files");
    let run = |arguments: &[&str]| process::output(process::fanbase(&database.url, &files, arguments));
    let rows = customers.to_string();
    let demo = run(&["demo", "--without-sales", "--rows", &rows, "--accounts", "1"]);
    let demo: Value = serde_json::from_str(&demo).unwrap();
    let key = ["key", "create", "--store", STORE, "--scope", "fans:read", "--scope", "fans:write"];
    let key: Value = serde_json::from_str(&run(&key)).unwrap();
    db_fill(kind, &database.url, enrollments, activities).await;
    let client = Client::new(LISTEN, demo["store_id"].as_str().unwrap(), key["secret"].as_str().unwrap());
    let server = process::Server::start(&database.url, &files, LISTEN);
    client.wait().await;
    client.settle().await;
    table::title(&format!(
        "{kind:?}: {customers} contacts, {enrollments} enrolments, {activities} activities"
    ));
    table::head(&["query", "p50 ms", "p99 ms", "longest ms"]);
    measure_page(&client).await;
    measure_detail(&client).await;
    drop(server);
    database.remove().await;
}

/// What the customers page asks for.
async fn measure_page(client: &Client) {
    const PAGE: &str = "/fans?type=lead&type=paying&type=subscription&include=courses&include=products";
    let page = async |name: &str, more: &str| client.measure_pages(name, &format!("{PAGE}{more}")).await;
    for sort in ["-created_at", "name", "email", "-total_spent", "-last_activity_at"] {
        page(&format!("by {sort}"), &format!("&sort={sort}")).await;
    }
    let courses = client.get("/courses").await;
    let course = courses["items"][3]["id"].as_str().unwrap().to_owned();
    page("in a course", &format!("&course={course}")).await;
    page("… and half through", &format!("&course={course}&min_progress=50&max_progress=60")).await;
    page("… by last activity", &format!("&course={course}&sort=-last_activity_at")).await;
    page("all of any course done", "&min_progress=100").await;
    page("search for a course", "&search=Course%2017").await;
    page("search for a product", "&search=Product%2017").await;
    client.measure_changed("statistics", "/customers/stats").await;
    let count = format!("/fans/counts?course={course}&min_progress=50");
    client.measure_few("exact count: half through a course", &count).await;
    client.measure_few("exact count: search for a course", "/fans/counts?search=Course%2017").await;
}

/// What the detail of a customer asks for, of customers all over the list.
async fn measure_detail(client: &Client) {
    let total = client.get("/fans/counts").await["lead"].as_u64().unwrap();
    let mut ids = Vec::new();
    for i in 0..REQUESTS as u64 {
        let fan = client.get(&format!("/fans?type=lead&limit=1&at={}", i * total / REQUESTS as u64)).await;
        ids.push(fan["items"][0]["id"].as_str().unwrap().to_owned());
    }
    let of = |path: &str| -> Vec<String> { ids.iter().map(|id| format!("/customers/{id}{path}")).collect() };
    let fans: Vec<String> = ids.iter().map(|id| format!("/fans/{id}")).collect();
    client.measure("the customer", &fans).await;
    for path in ["/enrollments", "/purchases", "/payments", "/subscriptions", "/value", "/activity"] {
        client.measure(&format!("… {path}"), &of(path)).await;
    }
    client.measure("… /activity?kind=paid", &of("/activity?kind=paid")).await;
}

/// Writes what customers did past the API: in the order of the customers, each a share.
async fn db_fill(kind: Database, url: &str, enrollments: u64, activities: u64) {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let db = Connection::connect(options).await.unwrap();
    let run = async |sql: &str| {
        db.execute_unprepared(sql).await.unwrap();
    };
    if kind == Database::Sqlite {
        run("PRAGMA cache_size = -1000000").await;
    }
    run("DROP TABLE IF EXISTS numbered").await;
    run("CREATE TABLE numbered AS
         SELECT ROW_NUMBER() OVER (ORDER BY id) - 1 AS n, store_id, id, created_at FROM customers")
    .await;
    run("CREATE UNIQUE INDEX numbered_n ON numbered (n)").await;
    let people = Sql::new("SELECT COUNT(*) FROM numbered").number(&db).await.unwrap();
    let (id, rows) = (|n: &str| id(kind, n), |total: u64| rows(kind, total));
    for (table, title) in [("courses", "Course"), ("products", "Product")] {
        run(&format!(
            "INSERT INTO {table} (store_id, id, reference, title, created_at) {rows}
             SELECT s.id, {id}, '{table}-' || r.n, '{title} ' || r.n, 0
             FROM r CROSS JOIN (SELECT id FROM stores WHERE slug = '{STORE}') s",
            rows = rows(ITEMS),
            id = id("r.n"),
        ))
        .await;
    }
    // A customer's rows follow each other, and everybody has as many.
    let each = |total: u64| format!("JOIN numbered c ON c.n = r.n * {people} / {total}");
    run(&format!(
        "INSERT INTO enrollments (store_id, id, reference, customer_id, course_id, enrolled_at, progress, progress_at)
         {rows} SELECT c.store_id, {id}, 'e-' || r.n, c.id, {course}, c.created_at + r.n % 1000, r.n * 7 % 101, c.created_at
         FROM r {each}",
        rows = rows(enrollments),
        id = id("r.n"),
        course = id(&format!("(r.n * 13 % {ITEMS})")),
        each = each(enrollments),
    ))
    .await;
    let purchases = enrollments / 3;
    run(&format!(
        "INSERT INTO purchases (store_id, id, reference, customer_id, kind, item_id, title, payment_name, purchased_at)
         {rows} SELECT c.store_id, {id}, 'p-' || r.n, c.id, 'product', {item}, 'Product', 'p-' || r.n, c.created_at
         FROM r {each}",
        rows = rows(purchases),
        id = id("r.n"),
        item = id(&format!("(r.n * 13 % {ITEMS})")),
        each = each(purchases),
    ))
    .await;
    run(&format!(
        "INSERT INTO payments (store_id, id, customer_id, title, paid_at, amount, currency, kept)
         {rows} SELECT c.store_id, {id}, c.id, 'Product', c.created_at, 4900, 'USD', 4900 FROM r {each}",
        rows = rows(purchases),
        id = id("r.n"),
        each = each(purchases),
    ))
    .await;
    run(&format!(
        "INSERT INTO activities (store_id, customer_id, id, kind, detail, at)
         {rows} SELECT c.store_id, c.id, {id},
             CASE r.n % 3 WHEN 0 THEN 'enrolled' WHEN 1 THEN 'course_progressed' ELSE 'paid' END,
             NULL, c.created_at + r.n % 1000000
         FROM r {each}",
        rows = rows(activities),
        id = id("r.n"),
        each = each(activities),
    ))
    .await;
    run("DROP TABLE numbered").await;
    if kind == Database::Postgres {
        run("VACUUM ANALYZE").await;
    }
    db.close().await.unwrap();
}

/// An id of a number: they grow, as those of the server do.
fn id(kind: Database, n: &str) -> String {
    match kind {
        Database::Sqlite => format!("CAST(printf('%016d', {n}) AS BLOB)"),
        Database::Postgres => format!("CAST(lpad(to_hex({n}), 32, '0') AS UUID)"),
    }
}

/// The start of a statement that has the numbers below `total` as `r.n`.
fn rows(kind: Database, total: u64) -> String {
    match kind {
        Database::Sqlite => {
            format!("WITH RECURSIVE r (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM r WHERE n + 1 < {total})")
        }
        Database::Postgres => format!("WITH r (n) AS (SELECT generate_series(0, {total}::bigint - 1))"),
    }
}
