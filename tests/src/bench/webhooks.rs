//! How many events of Stripe a server takes in a second, each on the disk when it is acknowledged,
//! next to one at a time, which is a transaction per event, and to a handler that does nothing.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

use super::{http::Client, process, table};
use crate::{
    app::STRIPE_SECRETS,
    database::{Database, TestDatabase},
    stripe::{ACCOUNT, Generation, PATH, about, connected, fixture, sign},
};

/// Where the server listens.
const LISTEN: &str = "127.0.0.1:18933";
/// Events that are sent at the same moment.
const AT_ONCE: usize = 64;
/// Events that are sent one after the other.
const ONE_BY_ONE: usize = 2_000;
/// Within how many events of each other those about one person come.
const WINDOW: usize = 1_000;

/// Sends events to servers on both databases and prints how many they take.
pub async fn run(events: u64, customers: u64) {
    for kind in [Database::Sqlite, Database::Postgres] {
        measure(kind, usize::try_from(events).unwrap(), customers).await;
    }
}

async fn measure(kind: Database, events: usize, customers: u64) {
    let database = TestDatabase::create(kind).await;
    let files = database.folder.path().join("files");
    let run = |arguments: &[&str]| process::output(process::fanbase(&database.url, &files, arguments));
    let rows = customers.max(1).to_string();
    let demo: Value =
        serde_json::from_str(&run(&["demo", "--without-sales", "--rows", &rows, "--accounts", "1"])).unwrap();
    let store = "pause-play-repeat";
    run(&["store", "connect", "--store", store, "--stripe-account", ACCOUNT]);
    let key: Value =
        serde_json::from_str(&run(&["key", "create", "--store", store, "--scope", "fans:read"])).unwrap();
    let client = Client::new(LISTEN, demo["store_id"].as_str().unwrap(), key["secret"].as_str().unwrap());
    let server = process::Server::start(&database.url, &files, LISTEN);
    client.wait().await;
    let before = client.get("/fans/counts").await["total"].as_u64().unwrap();
    let mut people = 0..;
    let mut rng = StdRng::seed_from_u64(1);
    table::title(&format!("{kind:?}: events of Stripe, {customers} customers before"));
    table::head(&[
        "what",
        "events/s",
        "p50 ms",
        "p99 ms",
        "longest ms",
        "of an empty handler",
        "of one by one",
    ]);
    let get = format!("GET /healthz HTTP/1.1\r\nhost: {LISTEN}\r\n\r\n").into_bytes();
    let empty = send(vec![get; events.min(20_000)], AT_ONCE).await;
    let alone = send(requests(&mut rng, &mut people, events.min(ONE_BY_ONE)), 1).await;
    let together = send(requests(&mut rng, &mut people, events), AT_ONCE).await;
    for (name, took) in [
        (format!("an empty handler, {AT_ONCE} at once"), &empty),
        ("one by one".to_owned(), &alone),
        (format!("{AT_ONCE} at once"), &together),
    ] {
        took.print(&name, &empty, &alone);
    }
    let after = client.get("/fans/counts").await["total"].as_u64().unwrap();
    assert_eq!(after - before, people.start, "everybody who paid is a customer");
    drop(server);
    let recount: Value = serde_json::from_str(&run(&["recount", "--store", store])).unwrap();
    assert_eq!(recount["drift"], json!({}), "{recount}");
    database.remove().await;
}

/// Signed requests about people who are new, and about the same people again.
fn requests(rng: &mut StdRng, people: &mut std::ops::RangeFrom<u64>, count: usize) -> Vec<Vec<u8>> {
    let mut events = Vec::with_capacity(count);
    let mut story = Vec::new();
    while events.len() < count {
        if story.is_empty() {
            story = names(rng, usize::try_from(people.start).unwrap());
            people.start += 1;
        }
        events.extend(story.pop());
    }
    events.chunks_mut(WINDOW).for_each(|events| events.shuffle(rng));
    let now = fanbase_api::clock::now().millis() / 1000;
    events
        .into_iter()
        .map(|event| {
            let body = serde_json::to_string_pretty(&event).unwrap();
            let signature = sign(STRIPE_SECRETS[1], now, &body);
            format!(
                "POST {PATH} HTTP/1.1\r\nhost: {LISTEN}\r\ncontent-type: application/json\r\n\
                 stripe-signature: {signature}\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
            .into_bytes()
        })
        .collect()
}

/// What happens to somebody, the last first: they buy; some subscribe, some get money back; some
/// events come twice.
fn names(rng: &mut StdRng, n: usize) -> Vec<Value> {
    let mut names = vec!["checkout-payment"];
    if rng.random_ratio(1, 2) {
        names.extend(["subscription-created", "subscription-active", "checkout-subscription"]);
        names.extend(["invoice-paid", "invoice-payment"]);
    }
    if rng.random_ratio(1, 4) {
        names.extend(["charge-refunded-in-part", "refund-created"]);
    }
    let again: Vec<&str> = names.iter().copied().filter(|_| rng.random_ratio(1, 10)).collect();
    names.extend(again);
    // The first comes first in the list, so that a story that is cut off has a person in it.
    names.iter().rev().map(|name| connected(&about(&fixture(Generation::New, name), n))).collect()
}

/// How long answers took.
struct Measured {
    took: Vec<Duration>,
    wall: Duration,
}

impl Measured {
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    fn rate(&self) -> f64 {
        self.took.len() as f64 / self.wall.as_secs_f64()
    }

    fn print(&self, name: &str, empty: &Self, alone: &Self) {
        let last = self.took.len() - 1;
        let ms = |i: usize| format!("{:.2}", self.took[i.min(last)].as_secs_f64() * 1000.0);
        table::row(&[
            name.to_owned(),
            format!("{:.0}", self.rate()),
            ms(self.took.len() * 50 / 100),
            ms(self.took.len() * 99 / 100),
            ms(last),
            format!("{:.0} %", self.rate() / empty.rate() * 100.0),
            format!("{:.1} ×", self.rate() / alone.rate()),
        ]);
    }
}

/// Sends requests over so many connections; every one must be answered with 200.
async fn send(requests: Vec<Vec<u8>>, connections: usize) -> Measured {
    let (requests, next) = (Arc::new(requests), Arc::new(AtomicUsize::new(0)));
    let started = Instant::now();
    let clients = (0..connections).map(|_| {
        let (requests, next) = (Arc::clone(&requests), Arc::clone(&next));
        tokio::spawn(async move {
            let mut stream = BufReader::new(TcpStream::connect(LISTEN).await.unwrap());
            stream.get_ref().set_nodelay(true).unwrap();
            let mut took = Vec::new();
            while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                let started = Instant::now();
                exchange(&mut stream, request).await;
                took.push(started.elapsed());
            }
            took
        })
    });
    let took = futures_util::future::join_all(clients).await;
    let wall = started.elapsed();
    let mut took: Vec<Duration> = took.into_iter().flat_map(Result::unwrap).collect();
    took.sort_unstable();
    Measured { took, wall }
}

/// A request and its answer, with as little work as possible: both cores are needed elsewhere.
async fn exchange(stream: &mut BufReader<TcpStream>, request: &[u8]) {
    stream.write_all(request).await.unwrap();
    let (mut line, mut length, mut status) = (String::new(), 0, None);
    loop {
        line.clear();
        stream.read_line(&mut line).await.unwrap();
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(bytes) = line.strip_prefix("content-length:") {
            length = bytes.trim().parse().unwrap();
        }
        status = status.or(Some(line));
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    let status = status.unwrap();
    assert!(status.contains(" 200"), "{status}: {}", String::from_utf8_lossy(&body));
}
