//! Events of Stripe.

mod asking;
mod at_once;
mod events;
mod owners;
mod shuffled;
mod signatures;
mod stores;
mod story;

use fanbase_domain::wire::{
    page::Page,
    webhooks::{WebhookEventResponse, WebhookEventStatus},
};
pub(crate) use fanbase_tests::stripe::{ACCOUNT, Generation, PATH, about, connected, fixture, sign};
use fanbase_tests::{Caller as _, Creator, Response, Store, TestApp, app::STRIPE_SECRETS};
use reqwest::Method;
use serde_json::{Value, json};

/// Seconds since 1970.
fn now() -> i64 {
    fanbase_api::clock::now().millis() / 1000
}

/// Sends an event as Stripe does, signed now.
async fn deliver(app: &TestApp, event: &Value) -> Response {
    let body = event.to_string();
    let signature = sign(STRIPE_SECRETS[0], now(), &body);
    let request = app.anonymous().request(Method::POST, PATH).header("stripe-signature", &signature);
    request.body("application/json", body).send().await
}

/// Sends an event that must be taken.
pub(crate) async fn send(app: &TestApp, event: &Value) {
    let _ = deliver(app, event).await.expect(200);
}

/// A store that is connected to the account of the fixtures, and an admin of the platform.
pub(crate) async fn connected_store(app: &TestApp) -> (Store, Creator) {
    let store = app.creator("ava").await.store("s1").await;
    let admin = app.admin("root").await;
    connect(&admin, &store, &json!({ "stripe_account": ACCOUNT })).await;
    (store, admin)
}

async fn connect(admin: &Creator, store: &Store, connection: &Value) {
    let path = format!("/api/v1/admin/stores/{}/connection", store.id);
    let _ = admin.patch(&path, connection).await.expect(200);
}

/// The events that were received, as an admin sees them.
async fn received(admin: &Creator, filter: &str) -> Vec<WebhookEventResponse> {
    let page: Page<WebhookEventResponse> =
        admin.get(&format!("/api/v1/admin/webhook-events?source=stripe&{filter}")).await.expect(200).json();
    page.items
}

async fn status(admin: &Creator, id: &str) -> WebhookEventStatus {
    received(admin, "").await.into_iter().find(|event| event.id == id).unwrap().status
}
