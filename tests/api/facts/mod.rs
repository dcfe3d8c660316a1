//! What platforms report: the catalogue, enrolments, purchases, refunds, subscriptions.

mod at_once;
mod catalogue;
mod enrollments;
mod filters;
mod imported;
mod purchases;
pub(crate) mod shuffled;
mod story;
mod subscriptions;

use fanbase_domain::wire::{
    activities::ActivityResponse, customers::CustomerResponse, fans::FanResponse, page::Page,
};
use fanbase_tests::{Caller as _, Store, TestApp};
use serde_json::{Value, json};

/// A store as a platform sees it, which has a key to report events.
async fn platform(app: &TestApp) -> (Store, Store) {
    let store = app.creator("ava").await.store("s1").await;
    let key = store.key(&["events:write"]).await;
    let platform = store.seen_by(&key);
    (store, platform)
}

/// Reports something that must be new.
pub(crate) async fn report(platform: &Store, path: &str, body: &Value) -> Value {
    platform.post(path, body).await.expect(201).json()
}

/// The customer of an address.
pub(crate) async fn customer(store: &Store, email: &str) -> CustomerResponse {
    let page: Page<CustomerResponse> =
        store.get(&format!("/customers?search={email}")).await.expect(200).json();
    assert_eq!(page.items.len(), 1, "{email}");
    page.items.into_iter().next().unwrap()
}

/// Type and sum of the customer of an address.
pub(crate) async fn standing(store: &Store, email: &str) -> (String, i64) {
    let customer = customer(store, email).await;
    (customer.r#type.to_string(), customer.total_spent.unwrap())
}

/// What a customer has of something.
pub(crate) async fn all_of(store: &Store, customer: &CustomerResponse, what: &str) -> Vec<Value> {
    let page: Page<Value> = store.get(&format!("/customers/{}/{what}", customer.id)).await.expect(200).json();
    page.items
}

/// The timeline of the customer of an address, oldest first: kind, detail and time.
pub(crate) async fn timeline(store: &Store, email: &str) -> Vec<(String, Option<String>, String)> {
    let customer = customer(store, email).await;
    let mut all = Vec::new();
    let mut path = format!("/customers/{}/activity", customer.id);
    loop {
        let page: Page<ActivityResponse> = store.get(&path).await.expect(200).json();
        for line in page.items {
            all.push((line.kind.to_string(), line.detail, line.at.to_rfc3339().unwrap()));
        }
        let Some(cursor) = page.next_cursor else { break };
        path = format!("/customers/{}/activity?cursor={cursor}", customer.id);
    }
    all.reverse();
    all
}

/// The kinds of a timeline.
pub(crate) async fn kinds(store: &Store, email: &str) -> Vec<String> {
    timeline(store, email).await.into_iter().map(|(kind, ..)| kind).collect()
}

async fn fan(store: &Store, email: &str) -> FanResponse {
    let mut fans = store.fans(&format!("search={email}")).await;
    assert_eq!(fans.len(), 1, "{email}");
    fans.remove(0)
}

/// A purchase of one thing for so much.
fn purchase(reference: &str, email: &str, amount: i64) -> Value {
    json!({
        "reference": reference,
        "customer": {"email": email},
        "product": {"reference": "pack", "title": "Sample pack"},
        "payment": {"amount": amount},
    })
}
