//! What others notice of an import: how long pages take, and how long writers wait.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use super::{
    http::{Client, print},
    table,
};

/// Between two requests of a client.
const PAUSE: Duration = Duration::from_millis(20);

/// Imports a file into a store that is read and written meanwhile.
pub(super) async fn measure(client: &Client, file: &Path) {
    let import = client.import(file).await;
    let path = format!("/imports/{import}");
    let over = AtomicBool::new(false);
    let wait = async {
        let ended = loop {
            let import = client.get(&path).await;
            if import["finished_at"].is_string() {
                break import;
            }
            tokio::time::sleep(PAUSE * 5).await;
        };
        over.store(true, Ordering::Relaxed);
        ended
    };
    let pages = repeat(&over, async |_| drop(client.get("/fans?sort=name").await));
    let writes = repeat(&over, async |i| client.add_customer(&format!("w{i}.{import}@example.com")).await);
    let (ended, pages, writes) = tokio::join!(wait, pages, writes);
    let at = |field: &str| {
        chrono::DateTime::parse_from_rfc3339(ended[field].as_str().unwrap()).unwrap().timestamp_millis()
    };
    let ms = u64::try_from(at("finished_at") - at("started_at")).unwrap();
    assert_eq!(ended["status"], "completed", "{ended}");
    table::title(&format!("While {} rows are imported, which takes {ms} ms", ended["rows"]));
    table::head(&["another client", "p50 ms", "p99 ms", "longest ms"]);
    print("first page by name", pages);
    print("adds a customer", writes);
}

/// Does something again and again until something else is over; returns how long each took.
pub(super) async fn repeat(over: &AtomicBool, request: impl AsyncFn(usize)) -> Vec<Duration> {
    let mut took = Vec::new();
    while !over.load(Ordering::Relaxed) || took.is_empty() {
        let started = Instant::now();
        request(took.len()).await;
        took.push(started.elapsed());
        tokio::time::sleep(PAUSE).await;
    }
    took
}
