//! How fast pages, counts and searches are, over HTTP on this machine.

use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::Value;

use super::{process, table};
use crate::database::{Database, TestDatabase};

/// Requests of each kind.
const REQUESTS: usize = 200;
/// Where the server listens.
const LISTEN: &str = "127.0.0.1:18931";

/// Sets up an audience on both databases and prints p50 and p99 per query.
pub async fn run(customers: u64, accounts: u64) {
    for kind in [Database::Sqlite, Database::Postgres] {
        let database = TestDatabase::create(kind).await;
        let files = database.folder.path().join("files");
        let run = |arguments: &[&str]| process::output(process::fanbase(&database.url, &files, arguments));
        let (rows, users) = (customers.to_string(), accounts.to_string());
        let demo: Value =
            serde_json::from_str(&run(&["demo", "--rows", &rows, "--accounts", &users])).unwrap();
        let scopes = ["key", "create", "--store", "pause-play-repeat", "--scope", "fans:read"];
        let key: Value = serde_json::from_str(&run(&scopes)).unwrap();
        if kind == Database::Postgres {
            analyze(&database.url).await;
        }
        let server = process::Server::start(&database.url, &files, LISTEN);
        let client = Bench {
            client: Client::new(),
            base: format!("http://{LISTEN}/api/v1/stores/{}", demo["store_id"].as_str().unwrap()),
            secret: key["secret"].as_str().unwrap().to_owned(),
        };
        client.wait().await;
        table::title(&format!("{kind:?}: {customers} contacts, {accounts} accounts"));
        table::head(&["query", "p50 ms", "p99 ms"]);
        client.measure_all().await;
        drop(server);
        database.remove().await;
    }
}

async fn analyze(url: &str) {
    use sqlx::{Connection as _, Executor as _};
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    connection.execute("VACUUM ANALYZE").await.unwrap();
    connection.close().await.unwrap();
}

struct Bench {
    client: Client,
    base: String,
    secret: String,
}

impl Bench {
    async fn wait(&self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while self.client.get(&self.base).bearer_auth(&self.secret).send().await.is_err() {
            assert!(Instant::now() < deadline, "the server did not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn get(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.base);
        let response = self.client.get(&url).bearer_auth(&self.secret).send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.text().await.unwrap());
        response.json().await.unwrap()
    }

    async fn measure_all(&self) {
        let total = self.get("/fans/counts").await["total"].as_u64().unwrap();
        self.measure("counts", &["/fans/counts".to_owned()]).await;
        for sort in ["-created_at", "name", "email", "-total_spent", "-score", "-last_activity_at"] {
            self.measure(&format!("first page by {sort}"), &[format!("/fans?sort={sort}")]).await;
        }
        let started = Instant::now();
        self.get(&format!("/fans?at={}", total / 2)).await;
        self.print("the first jump (builds the ladder)", &mut [started.elapsed()]);
        let jumps: Vec<String> =
            (0..REQUESTS as u64).map(|i| format!("/fans?at={}", i * total / REQUESTS as u64)).collect();
        self.measure("jumps all over", &jumps).await;
        let mut pages = Vec::new();
        let mut cursor = self.get(&format!("/fans?at={}", total * 9 / 10)).await["next_cursor"].clone();
        while let (Some(at), true) = (cursor.as_str(), pages.len() < REQUESTS) {
            pages.push(format!("/fans?cursor={at}"));
            cursor = self.get(&format!("/fans?cursor={at}")).await["next_cursor"].clone();
        }
        self.measure("pages at nine tenths of the depth", &pages).await;
        self.measure("type=user", &["/fans?type=user".to_owned()]).await;
        self.measure("type=lead", &["/fans?type=lead".to_owned()]).await;
        self.measure("tag=Newsletter (common)", &["/fans?tag=Newsletter".to_owned()]).await;
        self.measure("consent=bounced", &["/fans?consent=bounced".to_owned()]).await;
        for word in ["gmail", "anna", "lindqvist", "studio.io", "zzzqx", "an"] {
            self.measure(&format!("search {word}"), &[format!("/fans?search={word}")]).await;
        }
        for filter in ["search=anna", "search=gmail", "tag=Newsletter", "consent=bounced", "min_score=300"] {
            self.measure_few(&format!("exact count of {filter}"), &format!("/fans/counts?{filter}")).await;
        }
    }

    async fn measure(&self, name: &str, paths: &[String]) {
        self.get(&paths[0]).await;
        let mut took = Vec::with_capacity(REQUESTS);
        for path in paths.iter().cycle().take(REQUESTS) {
            let started = Instant::now();
            self.get(path).await;
            took.push(started.elapsed());
        }
        self.print(name, &mut took);
    }

    async fn measure_few(&self, name: &str, path: &str) {
        let mut took = Vec::new();
        for _ in 0..5 {
            let started = Instant::now();
            self.get(path).await;
            took.push(started.elapsed());
        }
        self.print(name, &mut took);
    }

    fn print(&self, name: &str, took: &mut [Duration]) {
        took.sort_unstable();
        let at =
            |percent: usize| took[(took.len() * percent / 100).min(took.len() - 1)].as_secs_f64() * 1000.0;
        table::row(&[name.to_owned(), format!("{:.2}", at(50)), format!("{:.2}", at(99))]);
    }
}
