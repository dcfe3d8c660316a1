//! A client that measures how long answers take, and how many there are in a second.

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::table;

/// Requests of each kind.
pub(super) const REQUESTS: usize = 200;
/// How long requests per second are counted, and by how many clients.
const COUNTED: Duration = Duration::from_secs(3);
const CLIENTS: usize = 8;

/// A client without credentials, which keeps its connections.
pub(super) fn shared() -> &'static reqwest::Client {
    static CLIENT: std::sync::OnceLock<reqwest::Client> = std::sync::OnceLock::new();
    CLIENT.get_or_init(reqwest::Client::new)
}

/// A client of one store.
#[derive(Clone)]
pub(super) struct Client {
    http: reqwest::Client,
    server: String,
    base: String,
    secret: String,
}

impl Client {
    /// A client with a key of a store.
    pub(super) fn new(listen: &str, store: &str, secret: &str) -> Self {
        let server = format!("http://{listen}");
        let base = format!("{server}/api/v1/stores/{store}");
        Self { http: reqwest::Client::new(), server, base, secret: secret.to_owned() }
    }

    /// Waits until the server answers.
    pub(super) async fn wait(&self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while self.http.get(&self.server).send().await.is_err() {
            assert!(Instant::now() < deadline, "the server did not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until the server has found out who is idle, which concerns many when it first starts.
    pub(super) async fn settle(&self) {
        let mut idle = None;
        loop {
            let counts = self.get("/fans/counts?status=inactive").await;
            if idle.as_ref() == Some(&counts) {
                break;
            }
            idle = Some(counts);
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
    }

    async fn send(&self, what: &str, request: RequestBuilder) -> Value {
        let response = request.bearer_auth(&self.secret).send().await.unwrap();
        assert!(response.status().is_success(), "{what}: {}", response.text().await.unwrap());
        response.json().await.unwrap()
    }

    /// What a path of the store answers.
    pub(super) async fn get(&self, path: &str) -> Value {
        self.send(path, self.http.get(format!("{}{path}", self.base))).await
    }

    /// What a path of the store answers to a body.
    pub(super) async fn post(&self, path: &str, body: &Value) -> Value {
        self.send(path, self.http.post(format!("{}{path}", self.base)).json(body)).await
    }

    /// Adds a customer.
    pub(super) async fn add_customer(&self, email: &str) {
        self.post("/customers", &serde_json::json!({ "email": email })).await;
    }

    /// Starts the import of a contact file; returns its id.
    pub(super) async fn import(&self, file: &Path) -> String {
        let request = self.http.request(Method::POST, format!("{}/imports", self.base));
        let request = request.header("content-type", "text/csv").body(std::fs::read(file).unwrap());
        self.send("imports", request).await["id"].as_str().unwrap().to_owned()
    }

    /// Commits something, so that the next answer is not one that was kept.
    async fn disturb(&self) {
        static TAGS: AtomicU32 = AtomicU32::new(0);
        let name = format!("bench {}", TAGS.fetch_add(1, Ordering::Relaxed));
        self.post("/tags", &serde_json::json!({ "name": name })).await;
    }

    /// How long an answer takes, each time after somebody's change.
    pub(super) async fn measure_changed(&self, name: &str, path: &str) {
        let mut took = Vec::with_capacity(REQUESTS);
        for _ in 0..REQUESTS {
            self.disturb().await;
            let started = Instant::now();
            self.get(path).await;
            took.push(started.elapsed());
        }
        print(&format!("{name}, after a change"), took);
    }

    /// How long the pages of a list take, each asked for once, as somebody reads on; and the first of them
    /// after somebody's change.
    pub(super) async fn measure_pages(&self, name: &str, path: &str) {
        let mut took = Vec::with_capacity(REQUESTS);
        let mut page = path.to_owned();
        while took.len() < REQUESTS {
            let started = Instant::now();
            let told = self.get(&page).await;
            took.push(started.elapsed());
            let Some(cursor) = told["next_cursor"].as_str() else { break };
            page = format!("{path}&cursor={cursor}");
        }
        print(&format!("{name}: {} pages, reading on", took.len()), took);
        self.measure_changed(&format!("{name}: first page"), path).await;
    }

    /// How long each of some answers takes, one after the other.
    pub(super) async fn measure(&self, name: &str, paths: &[String]) {
        let mut took = Vec::with_capacity(REQUESTS);
        for path in paths.iter().take(REQUESTS) {
            let started = Instant::now();
            self.get(path).await;
            took.push(started.elapsed());
        }
        print(name, took);
    }

    /// The same for answers that take long.
    pub(super) async fn measure_few(&self, name: &str, path: &str) {
        let mut took = Vec::new();
        for _ in 0..5 {
            self.disturb().await;
            let started = Instant::now();
            self.get(path).await;
            took.push(started.elapsed());
        }
        print(name, took);
    }

    /// How many answers several clients get in a second, whatever they say.
    pub(super) async fn rate(&self, url: &str) -> f64 {
        let until = Instant::now() + COUNTED;
        let clients = (0..CLIENTS).map(|_| {
            let (client, url) = (self.clone(), url.to_owned());
            tokio::spawn(async move {
                let mut answers = 0_u32;
                while Instant::now() < until {
                    let response = client.http.get(&url).bearer_auth(&client.secret).send().await.unwrap();
                    assert!(response.status().is_success(), "{url}");
                    response.bytes().await.unwrap();
                    answers += 1;
                }
                answers
            })
        });
        let answers: u32 =
            futures_util::future::join_all(clients).await.into_iter().map(Result::unwrap).sum();
        f64::from(answers) / COUNTED.as_secs_f64()
    }

    /// Requests per second, next to those of a handler that does nothing.
    pub(super) async fn measure_rates(&self) {
        table::head(&["requests per second", "", "of an empty handler's"]);
        let empty = self.rate(&format!("{}/healthz", self.server)).await;
        for (name, url) in [
            ("an empty handler (`/healthz`)", format!("{}/healthz", self.server)),
            ("counts", format!("{}/fans/counts", self.base)),
            ("first page, 50 fans", format!("{}/fans", self.base)),
        ] {
            let rate = self.rate(&url).await;
            table::row(&[name.to_owned(), format!("{rate:.0}"), format!("{:.0} %", rate / empty * 100.0)]);
        }
    }
}

/// A row with the middle and the slow end of what was measured.
pub(super) fn print(name: &str, mut took: Vec<Duration>) {
    took.sort_unstable();
    let last = took.len() - 1;
    let ms = |i: usize| format!("{:.2}", took[i.min(last)].as_secs_f64() * 1000.0);
    table::row(&[name.to_owned(), ms(took.len() * 50 / 100), ms(took.len() * 99 / 100), ms(last)]);
}
