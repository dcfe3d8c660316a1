//! Which store an event is about.

use fanbase_domain::{
    problem::ProblemCode,
    wire::{
        admin::ConnectionResponse,
        webhooks::{WebhookEventResponse, WebhookEventStatus},
    },
};
use fanbase_tests::{Caller as _, Creator, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{
    ACCOUNT, Generation, about, connect, connected, connected_store, fixture, received, send, status,
};
use crate::facts::{report, standing};

on_both_databases!(
    an_event_whose_store_is_not_known_is_kept_and_replayed_once_it_is,
    a_connected_account_speaks_for_its_store_alone,
    the_metadata_name_a_store,
    a_price_names_a_store_that_takes_the_platforms_events,
    what_waits_is_applied_once_an_event_tells_its_store,
    a_store_is_as_far_as_its_account_whatever_the_order,
    only_admins_connect_stores,
);

const AVA: &str = "ava.lindqvist@example.com";

fn event(name: &str) -> Value {
    fixture(Generation::New, name)
}

async fn replay(admin: &Creator, id: &str) -> WebhookEventResponse {
    let path = format!("/api/v1/admin/webhook-events/stripe/{id}/replay");
    admin.post(&path, &json!({})).await.expect(200).json()
}

async fn an_event_whose_store_is_not_known_is_kept_and_replayed_once_it_is(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let admin = app.admin("root").await;
    send(&app, &connected(&event("checkout-payment"))).await;
    let kept = received(&admin, "status=failed").await;
    assert!(kept[0].error.as_deref().unwrap().contains(ACCOUNT), "{kept:?}");
    assert_eq!((kept[0].subject.as_deref(), kept[0].has_payload), (Some("pi_1"), true));
    assert_eq!(replay(&admin, "evt_cs_paid").await.status, WebhookEventStatus::Failed);
    connect(&admin, &store, &json!({ "stripe_account": ACCOUNT })).await;
    assert_eq!(replay(&admin, "evt_cs_paid").await.status, WebhookEventStatus::Processed);
    assert_eq!(standing(&store, AVA).await, ("paying".to_owned(), 4_900));
    assert_eq!(replay(&admin, "evt_cs_paid").await.attempts, 4);
    assert_eq!(standing(&store, AVA).await, ("paying".to_owned(), 4_900));
    store.assert_no_drift().await;
}

async fn a_connected_account_speaks_for_its_store_alone(app: TestApp) {
    let (store, admin) = connected_store(&app).await;
    let other = app.creator("bob").await.store("s2").await;
    let mut event = connected(&event("checkout-payment"));
    event["data"]["object"]["metadata"]["fanbase_store"] = json!("s2");
    send(&app, &event).await;
    assert_eq!(standing(&store, AVA).await, ("paying".to_owned(), 4_900));
    assert_eq!(other.counts("type=paying").await.total, 0, "whoever owns the account wrote the metadata");
    let path = format!("/api/v1/admin/stores/{}/connection", other.id);
    let taken = admin.patch(&path, &json!({ "stripe_account": ACCOUNT })).await;
    taken.problem(409, ProblemCode::Conflict);
}

async fn the_metadata_name_a_store(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let admin = app.admin("root").await;
    for (n, name) in [(1, "s1".to_owned()), (2, store.id.to_string())] {
        let mut event = about(&event("checkout-payment"), n);
        event["data"]["object"]["metadata"]["fanbase_store"] = json!(name);
        send(&app, &event).await;
        assert_eq!(standing(&store, &format!("ava{n}@example.com")).await.1, 4_900);
        // What follows need not name it again.
        send(&app, &about(&self::event("charge-refunded"), n)).await;
        assert_eq!(standing(&store, &format!("ava{n}@example.com")).await.1, 0);
    }
    let mut event = about(&event("checkout-payment"), 3);
    event["data"]["object"]["metadata"]["fanbase_store"] = json!("nowhere");
    send(&app, &event).await;
    assert_eq!(status(&admin, "evt_3_cs_paid").await, WebhookEventStatus::Failed);
    store.assert_no_drift().await;
}

async fn a_price_names_a_store_that_takes_the_platforms_events(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let admin = app.admin("root").await;
    let gold = json!({ "reference": "gold", "title": "Gold", "stripe_prices": ["price_gold"] });
    report(&store, "/plans", &gold).await;
    send(&app, &event("subscription-active")).await;
    assert_eq!(
        status(&admin, "evt_sub_active").await,
        WebhookEventStatus::Failed,
        "anybody can name a price"
    );
    connect(&admin, &store, &json!({ "takes_platform_events": true })).await;
    send(&app, &event("invoice-paid")).await;
    // The subscription waited for its store.
    assert_eq!(status(&admin, "evt_sub_active").await, WebhookEventStatus::Processed);
    assert_eq!(standing(&store, AVA).await, ("subscription".to_owned(), 900));
    let other = app.creator("bob").await.store("s2").await;
    report(&other, "/plans", &gold).await;
    connect(&admin, &other, &json!({ "takes_platform_events": true })).await;
    send(&app, &about(&event("subscription-active"), 2)).await;
    let kept = received(&admin, "status=failed").await;
    assert_eq!(kept[0].error.as_deref(), Some("Several stores sell by the price that the event names."));
    store.assert_no_drift().await;
}

async fn what_waits_is_applied_once_an_event_tells_its_store(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let admin = app.admin("root").await;
    let gold = json!({ "reference": "gold", "title": "Gold", "stripe_prices": ["price_gold"] });
    report(&store, "/plans", &gold).await;
    connect(&admin, &store, &json!({ "takes_platform_events": true })).await;
    // One leads to the next: the refund names the payment, that the invoice, that the price.
    for name in ["invoice-refunded", "invoice-payment", "checkout-subscription"] {
        send(&app, &event(name)).await;
    }
    assert_eq!(received(&admin, "status=failed").await.len(), 3);
    send(&app, &event("invoice-paid")).await;
    assert_eq!(received(&admin, "status=failed").await, []);
    assert_eq!(standing(&store, AVA).await, ("lead".to_owned(), 0));
    send(&app, &event("subscription-active")).await;
    assert_eq!(standing(&store, AVA).await, ("subscription".to_owned(), 0));
    store.assert_no_drift().await;
}

async fn a_store_is_as_far_as_its_account_whatever_the_order(app: TestApp) {
    let (store, admin) = connected_store(&app).await;
    let told = |seconds: i64, charges: bool, payouts: bool| {
        let mut event = connected(&event("account-updated"));
        event["id"] = json!(format!("evt_{seconds}"));
        event["created"] = json!(1_790_000_000 + seconds);
        event["data"]["object"]["charges_enabled"] = json!(charges);
        event["data"]["object"]["payouts_enabled"] = json!(payouts);
        event
    };
    let path = format!("/api/v1/admin/stores/{}/connection", store.id);
    for (event, expected) in [
        (told(50, true, false), "can_charge"),
        (told(10, false, false), "can_charge"),
        (told(90, true, true), "can_be_paid_out"),
        (told(60, true, false), "can_be_paid_out"),
    ] {
        send(&app, &event).await;
        let connection: ConnectionResponse = admin.patch(&path, &json!({})).await.expect(200).json();
        assert_eq!(connection.connect.as_str(), expected);
    }
    let log = store.audit_log("action=store.updated").await;
    assert_eq!(log[0].after.as_ref().unwrap()["connect"], "can_be_paid_out");
    let gone: Value = admin.patch(&path, &json!({ "stripe_account": null })).await.expect(200).json();
    assert_eq!((&gone["connect"], &gone["stripe_account"]), (&json!("not_connected"), &Value::Null));
}

async fn only_admins_connect_stores(app: TestApp) {
    let ava = app.creator("ava").await;
    let store = ava.store("s1").await;
    let path = format!("/api/v1/admin/stores/{}/connection", store.id);
    let patch = json!({ "stripe_account": ACCOUNT });
    ava.patch(&path, &patch).await.problem(403, ProblemCode::Forbidden);
    let admin = app.admin("root").await;
    let wrong = json!({ "stripe_account": "sk_live_1", "takes_platform_events": null });
    let answer = admin.patch(&path, &wrong).await;
    answer.field_errors(&[("/takes_platform_events", "required")]);
    let wrong = admin.patch(&path, &json!({ "stripe_account": "sk_live_1" })).await;
    wrong.field_errors(&[("/stripe_account", "account_invalid")]);
    let nowhere = format!("/api/v1/admin/stores/{}/connection", uuid::Uuid::now_v7());
    admin.patch(&nowhere, &patch).await.problem(404, ProblemCode::NotFound);
}
