//! What an event lacks, and Stripe is asked for.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use fanbase_api::config::Settings;
use fanbase_domain::wire::webhooks::WebhookEventStatus;
use fanbase_tests::{Caller as _, app, database::TestDatabase, on_both_databases_alone};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::{ACCOUNT, Generation, connect, connected, fixture, received, send};
use crate::facts::standing;

on_both_databases_alone!(
    line_items_name_the_store_and_the_product,
    a_subscription_is_its_customers_at_once,
    an_event_is_taken_as_it_is_when_stripe_does_not_answer,
);

const AVA: &str = "ava.lindqvist@example.com";

/// Stands in for Stripe: answers paths, and remembers what it was asked and how.
#[derive(Clone)]
struct Stripe {
    address: SocketAddr,
    answers: Arc<Mutex<BTreeMap<String, Value>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Stripe {
    async fn start(answers: &[(&str, Value)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let answers = answers.iter().map(|(path, answer)| ((*path).to_owned(), answer.clone())).collect();
        let address = listener.local_addr().unwrap();
        let this = Self { address, answers: Arc::new(Mutex::new(answers)), asked: Arc::default() };
        let stripe = this.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    request.push(stream.read_u8().await.unwrap());
                }
                let request = String::from_utf8(request).unwrap().to_lowercase();
                let path = request.split(' ').nth(1).unwrap().to_owned();
                let answer = stripe.answers.lock().unwrap().get(&path).cloned();
                stripe.asked.lock().unwrap().push(request);
                let status = if answer.is_some() { "200 OK" } else { "404 Not Found" };
                let body = answer.unwrap_or_default().to_string();
                let head = format!(
                    "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                stream.write_all((head + &body).as_bytes()).await.unwrap();
            }
        });
        this
    }

    fn settings(&self) -> impl FnOnce(&mut Settings) {
        let url = format!("http://{}/", self.address);
        move |settings| {
            settings.stripe_api_key = Some("rk_test_1".parse().unwrap());
            settings.stripe_api_url = Some(url);
        }
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

/// An event that says nothing of what is sold.
fn nameless(name: &str) -> Value {
    let mut event = fixture(Generation::New, name);
    event["data"]["object"]["metadata"] = json!({});
    event["data"]["object"].as_object_mut().unwrap().remove("line_items");
    event
}

async fn line_items_name_the_store_and_the_product(database: &TestDatabase) {
    let event = nameless("checkout-payment");
    let session = event["data"]["object"]["id"].as_str().unwrap();
    let path = format!("/v1/checkout/sessions/{session}/line_items?limit=100");
    let items = json!({ "object": "list", "data": [{ "id": "li_1", "price": { "id": "price_drums" } }] });
    let stripe = Stripe::start(&[(&path, items)]).await;
    app::serve(database, stripe.settings(), async |app| {
        let store = app.creator("ava").await.store("s1").await;
        let admin = app.admin("root").await;
        connect(&admin, &store, &json!({ "takes_platform_events": true })).await;
        let drums = json!({ "reference": "drums", "title": "Drum kit", "stripe_prices": ["price_drums"] });
        let _ = store.post("/products", &drums).await.expect(201);
        send(&app, &event).await;
        assert_eq!(standing(&store, AVA).await, ("paying".to_owned(), 4_900));
        let fan: Value = store.get("/fans?search=drum%20kit").await.expect(200).json();
        assert_eq!(fan["items"][0]["email"], "Ava.Lindqvist@example.com");
        let asked = stripe.asked();
        assert!(asked.len() == 1 && asked[0].contains("authorization: bearer rk_test_1"), "{asked:?}");
        assert!(!asked[0].contains("stripe-account"), "{asked:?}");
        // What has been dealt with lacks nothing, and what its metadata name neither.
        send(&app, &event).await;
        send(&app, &fixture(Generation::New, "account-updated")).await;
        assert_eq!(stripe.asked().len(), 0);
        store.assert_no_drift().await;
    })
    .await;
}

async fn a_subscription_is_its_customers_at_once(database: &TestDatabase) {
    let event = connected(&fixture(Generation::New, "subscription-active"));
    let customer = event["data"]["object"]["customer"].as_str().unwrap().to_owned();
    let answer = json!({ "id": customer, "email": "Ava.Lindqvist@example.com", "name": "Ava Lindqvist" });
    let stripe = Stripe::start(&[(&format!("/v1/customers/{customer}"), answer)]).await;
    app::serve(database, stripe.settings(), async |app| {
        let store = app.creator("ava").await.store("s1").await;
        connect(&app.admin("root").await, &store, &json!({ "stripe_account": ACCOUNT })).await;
        send(&app, &event).await;
        assert_eq!(standing(&store, AVA).await.0, "subscription");
        let asked = stripe.asked();
        assert!(asked.len() == 1 && asked[0].contains(&format!("stripe-account: {ACCOUNT}")), "{asked:?}");
        // Whose it is, is known from now on.
        send(&app, &connected(&fixture(Generation::New, "subscription-leaving"))).await;
        send(&app, &connected(&fixture(Generation::New, "subscription-deleted"))).await;
        assert_eq!(stripe.asked().len(), 0);
        assert_ne!(standing(&store, AVA).await.0, "subscription");
        store.assert_no_drift().await;
    })
    .await;
}

async fn an_event_is_taken_as_it_is_when_stripe_does_not_answer(database: &TestDatabase) {
    let stripe = Stripe::start(&[]).await;
    app::serve(database, stripe.settings(), async |app| {
        let store = app.creator("ava").await.store("s1").await;
        let admin = app.admin("root").await;
        connect(&admin, &store, &json!({ "takes_platform_events": true })).await;
        let drums = json!({ "reference": "drums", "title": "Drum kit", "stripe_prices": ["price_drums"] });
        let _ = store.post("/products", &drums).await.expect(201);
        let event = nameless("checkout-payment");
        send(&app, &event).await;
        assert_eq!(received(&admin, "status=failed").await.len(), 1);
        // Stripe is back: the replay asks again.
        let session = event["data"]["object"]["id"].as_str().unwrap();
        let path = format!("/v1/checkout/sessions/{session}/line_items?limit=100");
        let items = json!({ "data": [{ "price": "price_drums" }] });
        stripe.answers.lock().unwrap().insert(path, items);
        let replay = format!("/api/v1/admin/webhook-events/stripe/{}/replay", event["id"].as_str().unwrap());
        let replayed: Value = admin.post(&replay, &json!({})).await.expect(200).json();
        assert_eq!(replayed["status"], json!(WebhookEventStatus::Processed));
        assert_eq!(standing(&store, AVA).await, ("paying".to_owned(), 4_900));
        assert_eq!(stripe.asked().len(), 2);
    })
    .await;
}
