//! How long an account's event takes: the webhook of Clerk over HTTP, with the links and the counters
//! that it changes, next to the same event delivered again, which changes nothing.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use svix::webhooks::Webhook;

use super::{
    http::{Client, REQUESTS, print},
    process, table,
};
use crate::{
    app::CLERK_SECRETS,
    database::{Database, TestDatabase},
};

/// Where the server listens.
const LISTEN: &str = "127.0.0.1:18932";

/// Sets up an audience on both databases and prints what events take.
pub async fn run(on: &[Database], customers: u64, accounts: u64) {
    for kind in on.iter().copied() {
        measure(kind, customers, accounts).await;
    }
}

async fn measure(kind: Database, customers: u64, accounts: u64) {
    let database = TestDatabase::create(kind).await;
    let files = database.folder.path().join("files");
    let run = |arguments: &[&str]| process::output(process::fanbase(&database.url, &files, arguments));
    let (rows, users) = (customers.to_string(), accounts.to_string());
    let demo: Value =
        serde_json::from_str(&run(&["demo", "--without-sales", "--rows", &rows, "--accounts", &users]))
            .unwrap();
    let key = ["key", "create", "--store", "pause-play-repeat", "--scope", "fans:read"];
    let key: Value = serde_json::from_str(&run(&key)).unwrap();
    let client = Client::new(LISTEN, demo["store_id"].as_str().unwrap(), key["secret"].as_str().unwrap());
    let server = process::Server::start(&database.url, &files, LISTEN);
    client.wait().await;
    table::title(&format!("{kind:?}: {customers} contacts, {accounts} accounts"));
    table::head(&["event", "p50 ms", "p99 ms", "longest ms"]);
    let addresses = addresses(&client).await;
    let before = client.get("/fans/counts").await;
    let story = [
        ("an account is created and linked to a customer", 0),
        ("it becomes the account of another customer", 1),
        ("it is deleted and unlinked", 2),
    ];
    let mut again = Vec::new();
    for (name, step) in story {
        let mut took = Vec::new();
        for i in 0..REQUESTS {
            let event = event(step, i, &addresses);
            let message = format!("msg_{kind:?}_{step}_{i}");
            took.push(deliver(&message, &event).await);
            if step == 1 {
                again.push(deliver(&message, &event).await);
            }
        }
        print(name, took);
        if step == 1 {
            print("the same event once more (verified and recognised only)", again);
            again = Vec::new();
            let counts = client.get("/fans/counts").await;
            // Each account took the place of a registered user beside a customer.
            assert_eq!(counts["total"], before["total"], "{before} {counts}");
        }
    }
    drop(server);
    let recount: Value = serde_json::from_str(&run(&["recount", "--store", "pause-play-repeat"])).unwrap();
    assert_eq!(recount["drift"], json!({}), "{recount}");
    database.remove().await;
}

/// Addresses of customers without an account, from all over the list.
async fn addresses(client: &Client) -> Vec<String> {
    let total = client.get("/fans/counts?has_account=false").await["total"].as_u64().unwrap();
    let mut addresses = Vec::new();
    for i in 0..20 {
        let at = i * (total - 50) / 20;
        let page = client.get(&format!("/fans?has_account=false&sort=email&at={at}&limit=20")).await;
        let items = page["items"].as_array().unwrap();
        addresses.extend(items.iter().map(|fan| fan["email"].as_str().unwrap().to_owned()));
    }
    addresses
}

/// The event of a step in the life of an account.
fn event(step: usize, i: usize, addresses: &[String]) -> Value {
    let id = format!("user_bench{i}");
    let at = 1_700_000_000_000_i64 + i64::try_from(step).unwrap();
    if step == 2 {
        return json!({"type": "user.deleted", "object": "event", "timestamp": at,
            "data": {"deleted": true, "id": id, "object": "user"}});
    }
    let address = &addresses[(i + step * REQUESTS) % addresses.len()];
    let data = json!({
        "id": id, "object": "user", "first_name": "Bench", "last_name": id, "username": null,
        "image_url": "https://img.clerk.com/bench", "primary_email_address_id": "idn_1",
        "email_addresses": [{"id": "idn_1", "email_address": address, "verification": {"status": "verified"}}],
        "created_at": 1_700_000_000_000_i64, "updated_at": at, "last_sign_in_at": null, "public_metadata": {},
    });
    let kind = if step == 0 { "user.created" } else { "user.updated" };
    json!({"type": kind, "object": "event", "timestamp": at, "data": data})
}

/// How long a signed delivery takes, from the request to the answer.
async fn deliver(id: &str, event: &Value) -> Duration {
    let (body, at) = (event.to_string(), fanbase_api::clock::now().millis() / 1000);
    let signature = Webhook::new(CLERK_SECRETS[0]).unwrap().sign(id, at, body.as_bytes()).unwrap();
    let started = Instant::now();
    let response = super::http::shared()
        .post(format!("http://{LISTEN}/api/v1/webhooks/clerk"))
        .header("svix-id", id)
        .header("svix-timestamp", at.to_string())
        .header("svix-signature", signature)
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await
        .unwrap();
    assert!(response.status().is_success(), "{}", response.text().await.unwrap());
    started.elapsed()
}
