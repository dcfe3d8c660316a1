//! Events of Stripe.

mod events;
mod shuffled;
mod signatures;
mod stores;
mod story;

use fanbase_domain::wire::{
    page::Page,
    webhooks::{WebhookEventResponse, WebhookEventStatus},
};
use fanbase_tests::{Caller as _, Creator, Response, Store, TestApp, app::STRIPE_SECRETS};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

const PATH: &str = "/api/v1/webhooks/stripe";
/// The connected account of the fixtures.
const ACCOUNT: &str = "acct_1";

/// Which API wrote an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Generation {
    Old,
    New,
}

macro_rules! fixtures {
    ($($name:literal),* $(,)?) => {
        /// An event as Stripe sends it.
        fn fixture(generation: Generation, name: &str) -> Value {
            let text = match (generation, name) {
                $(
                    (Generation::Old, $name) => include_str!(concat!(
                        "../../../crates/domain/src/stripe/fixtures/2024-06-20/", $name, ".json"
                    )),
                    (Generation::New, $name) => include_str!(concat!(
                        "../../../crates/domain/src/stripe/fixtures/2025-03-31/", $name, ".json"
                    )),
                )*
                (Generation::New, "invoice-payment") => {
                    include_str!("../../../crates/domain/src/stripe/fixtures/2025-03-31/invoice-payment.json")
                }
                _ => panic!("there is no {name}"),
            };
            serde_json::from_str(text).unwrap()
        }
    };
}

fixtures!(
    "account-updated",
    "charge-refunded",
    "charge-refunded-in-part",
    "checkout-delayed",
    "checkout-delayed-failed",
    "checkout-delayed-succeeded",
    "checkout-payment",
    "checkout-subscription",
    "dispute-created",
    "dispute-lost",
    "dispute-won",
    "invoice-paid",
    "invoice-refunded",
    "refund-created",
    "refund-failed",
    "subscription-active",
    "subscription-created",
    "subscription-deleted",
    "subscription-leaving",
);

/// The same event about another person: ids and address are theirs.
fn about(event: &Value, n: usize) -> Value {
    let mut text = event.to_string();
    for id in [
        "cs_1", "cs_2", "cs_3", "pi_1", "pi_2", "pi_3", "in_1", "ch_1", "ch_9", "sub_1", "cus_1", "re_1",
        "dp_1", "du_1",
    ] {
        text = text.replace(&format!("\"{id}\""), &format!("\"{id}_{n}\""));
    }
    text = text.replace("\"evt_", &format!("\"evt_{n}_"));
    text = text.replace("va.Lindqvist@example.com", &format!("va{n}@example.com"));
    serde_json::from_str(&text).unwrap()
}

/// The same event of a connected account.
fn connected(event: &Value) -> Value {
    let mut event = event.clone();
    event["account"] = json!(ACCOUNT);
    event
}

/// Seconds since 1970.
fn now() -> i64 {
    fanbase_api::clock::now().millis() / 1000
}

fn sign(secret: &str, at: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{at}.{body}").as_bytes());
    format!("t={at},v1={}", hex::encode(mac.finalize().into_bytes()))
}

/// Sends an event as Stripe does, signed now.
async fn deliver(app: &TestApp, event: &Value) -> Response {
    let body = event.to_string();
    let signature = sign(STRIPE_SECRETS[0], now(), &body);
    let request = app.anonymous().request(Method::POST, PATH).header("stripe-signature", &signature);
    request.body("application/json", body).send().await
}

/// Sends an event that must be taken.
async fn send(app: &TestApp, event: &Value) {
    let _ = deliver(app, event).await.expect(200);
}

/// A store that is connected to the account of the fixtures, and an admin of the platform.
async fn connected_store(app: &TestApp) -> (Store, Creator) {
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
