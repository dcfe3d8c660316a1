//! What single events make of customers.

use fanbase_domain::{
    problem::ProblemCode,
    wire::webhooks::{WebhookEventResponse, WebhookEventStatus},
};
use fanbase_tests::{Caller as _, TestApp, on_both_databases};
use serde_json::json;

use super::{Generation, about, connected, connected_store, deliver, fixture, received, send, status};
use crate::facts::{customer, standing};

on_both_databases!(
    a_refund_that_comes_first_waits_for_its_payment,
    a_dispute_that_is_lost_takes_the_money,
    a_refund_that_fails_gives_the_money_back_to_the_store,
    an_end_that_comes_first_stays,
    amounts_in_other_currencies_are_kept,
    who_has_an_account_is_linked,
    what_cannot_be_understood_is_kept_and_told,
    what_is_about_nothing_is_kept_and_ignored,
);

const AVA: &str = "ava.lindqvist@example.com";
const BOTH: [Generation; 2] = [Generation::Old, Generation::New];

async fn a_refund_that_comes_first_waits_for_its_payment(app: TestApp) {
    let (store, _) = connected_store(&app).await;
    for (n, generation) in BOTH.into_iter().enumerate() {
        let email = format!("ava{n}@example.com");
        for name in ["charge-refunded", "charge-refunded-in-part"] {
            send(&app, &connected(&about(&fixture(generation, name), n))).await;
        }
        assert!(store.fans(&format!("search={email}")).await.is_empty(), "nobody is known yet");
        send(&app, &connected(&about(&fixture(generation, "checkout-payment"), n))).await;
        assert_eq!(standing(&store, &email).await, ("lead".to_owned(), 0), "{generation:?}");
        store.assert_no_drift().await;
    }
}

async fn a_dispute_that_is_lost_takes_the_money(app: TestApp) {
    let (store, _) = connected_store(&app).await;
    for (n, (last, expected)) in
        [("dispute-lost", ("lead", 0)), ("dispute-won", ("paying", 4_900))].into_iter().enumerate()
    {
        let email = format!("ava{n}@example.com");
        for name in ["checkout-payment", "dispute-created"] {
            send(&app, &connected(&about(&fixture(Generation::New, name), n))).await;
            assert_eq!(standing(&store, &email).await, ("paying".to_owned(), 4_900), "{name}");
        }
        send(&app, &connected(&about(&fixture(Generation::New, last), n))).await;
        assert_eq!(standing(&store, &email).await, (expected.0.to_owned(), expected.1), "{last}");
        store.assert_no_drift().await;
    }
}

async fn a_refund_that_fails_gives_the_money_back_to_the_store(app: TestApp) {
    let (store, _) = connected_store(&app).await;
    for (n, generation) in BOTH.into_iter().enumerate() {
        let email = format!("ava{n}@example.com");
        for (name, left) in [
            ("checkout-payment", 4_900),
            ("charge-refunded-in-part", 3_000),
            ("refund-created", 3_000),
            ("refund-failed", 4_900),
        ] {
            send(&app, &connected(&about(&fixture(generation, name), n))).await;
            assert_eq!(standing(&store, &email).await, ("paying".to_owned(), left), "{name}");
        }
    }
    store.assert_no_drift().await;
}

async fn an_end_that_comes_first_stays(app: TestApp) {
    let (store, _) = connected_store(&app).await;
    let names = ["subscription-deleted", "subscription-active", "invoice-paid", "subscription-created"];
    for name in names {
        send(&app, &connected(&fixture(Generation::New, name))).await;
    }
    assert_eq!(standing(&store, AVA).await, ("paying".to_owned(), 900));
    assert_eq!(customer(&store, AVA).await.source.as_str(), "subscription");
    store.assert_no_drift().await;
}

async fn amounts_in_other_currencies_are_kept(app: TestApp) {
    let (store, _) = connected_store(&app).await;
    let mut yen = about(&fixture(Generation::New, "checkout-payment"), 7);
    yen["data"]["object"]["currency"] = json!("jpy");
    yen["data"]["object"]["amount_total"] = json!(1_200);
    send(&app, &connected(&yen)).await;
    assert_eq!(standing(&store, "ava7@example.com").await, ("paying".to_owned(), 0));
    let ava = customer(&store, "ava7@example.com").await;
    let payments = crate::facts::all_of(&store, &ava, "payments").await;
    assert_eq!(payments[0]["paid"], json!({ "amount": 1_200, "currency": "JPY" }));
}

async fn who_has_an_account_is_linked(app: TestApp) {
    let (store, _) = connected_store(&app).await;
    let account = app.db_create_account(AVA).await;
    let mut event = fixture(Generation::New, "checkout-payment");
    event["data"]["object"]["customer_details"]["name"] = serde_json::Value::Null;
    send(&app, &connected(&event)).await;
    let ava = customer(&store, AVA).await;
    assert_eq!((ava.user_id, ava.name), (Some(account.id), account.name));
    store.assert_no_drift().await;
    // A deleted account leaves the customer and what they paid.
    app.db_delete_account(account.id).await;
    assert_eq!(customer(&store, AVA).await.user_id, None);
    assert_eq!(standing(&store, AVA).await, ("paying".to_owned(), 4_900));
    store.assert_no_drift().await;
}

async fn what_cannot_be_understood_is_kept_and_told(app: TestApp) {
    let (store, admin) = connected_store(&app).await;
    let mut event = connected(&fixture(Generation::New, "checkout-payment"));
    event["data"]["object"]["customer_details"]["email"] = json!("no address");
    event["data"]["object"]["customer"] = serde_json::Value::Null;
    for attempts in 1..=2 {
        let problem = deliver(&app, &event).await.problem(422, ProblemCode::ValidationFailed);
        assert!(problem.detail.contains("e-mail"), "{problem:?}");
        let kept = received(&admin, "status=failed").await;
        assert_eq!((kept.len(), kept[0].attempts, kept[0].id.as_str()), (1, attempts, "evt_cs_paid"));
        assert_eq!(kept[0].error.as_deref(), Some(problem.detail.as_str()));
    }
    assert_eq!(store.counts("type=lead&type=paying").await.total, 0);
    let body = "not JSON";
    let signature = super::sign(fanbase_tests::app::STRIPE_SECRETS[0], super::now(), body);
    let request = app.anonymous().request(reqwest::Method::POST, super::PATH);
    let request = request.header("stripe-signature", &signature).body("application/json", body);
    request.send().await.problem(422, ProblemCode::ValidationFailed);
}

async fn what_is_about_nothing_is_kept_and_ignored(app: TestApp) {
    let (_, admin) = connected_store(&app).await;
    let mut event = connected(&fixture(Generation::New, "checkout-payment"));
    event["type"] = json!("payment_intent.succeeded");
    send(&app, &event).await;
    assert_eq!(status(&admin, "evt_cs_paid").await, WebhookEventStatus::Ignored);
    let replay = "/api/v1/admin/webhook-events/stripe/evt_cs_paid/replay";
    let replayed: WebhookEventResponse = admin.post(replay, &json!({})).await.expect(200).json();
    assert_eq!((replayed.status, replayed.attempts), (WebhookEventStatus::Ignored, 2));
}
