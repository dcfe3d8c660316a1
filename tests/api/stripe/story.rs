//! A fan from the first free course to the last refund, as Stripe tells it.

use fanbase_tests::{Caller as _, TestApp, on_both_databases};
use serde_json::json;

use super::{Generation, connected, connected_store, fixture, send};
use crate::facts::{customer, kinds, report, standing};

on_both_databases!(
    a_fan_learns_buys_subscribes_leaves_and_gets_money_back_as_the_old_api_tells,
    a_fan_learns_buys_subscribes_leaves_and_gets_money_back_as_the_new_api_tells,
    a_platform_that_reports_the_same_payment_counts_it_once,
);

const AVA: &str = "ava.lindqvist@example.com";

async fn a_fan_learns_buys_subscribes_leaves_and_gets_money_back_as_the_old_api_tells(app: TestApp) {
    story(&app, Generation::Old).await;
}

async fn a_fan_learns_buys_subscribes_leaves_and_gets_money_back_as_the_new_api_tells(app: TestApp) {
    story(&app, Generation::New).await;
}

async fn story(app: &TestApp, generation: Generation) {
    let (store, admin) = connected_store(app).await;
    report(&store, "/products", &json!({ "reference": "sample-pack", "title": "Sample pack" })).await;
    let gold = json!({ "reference": "gold", "title": "Gold", "stripe_prices": ["price_gold"] });
    report(&store, "/plans", &gold).await;
    let enrollment = json!({
        "reference": "e1", "customer": {"email": AVA}, "course": {"reference": "free", "title": "First steps"},
        "enrolled_at": "2026-01-01T00:00:00Z",
    });
    report(&store, "/enrollments", &enrollment).await;
    assert_eq!(standing(&store, AVA).await, ("lead".to_owned(), 0));
    let of_invoice = (generation == Generation::New).then_some(("invoice-payment", ("subscription", 5_800)));
    let steps = [
        ("checkout-delayed", ("lead", 0)),
        ("checkout-payment", ("paying", 4_900)),
        ("subscription-created", ("paying", 4_900)),
        ("checkout-subscription", ("paying", 4_900)),
        ("subscription-active", ("subscription", 4_900)),
        ("invoice-paid", ("subscription", 5_800)),
    ];
    let rest = [
        ("checkout-delayed-succeeded", ("subscription", 10_700)),
        ("subscription-leaving", ("subscription", 10_700)),
        ("charge-refunded-in-part", ("subscription", 8_800)),
        ("refund-created", ("subscription", 8_800)),
        ("charge-refunded", ("subscription", 5_800)),
        ("subscription-deleted", ("paying", 5_800)),
        ("invoice-refunded", ("paying", 4_900)),
    ];
    for (name, expected) in steps.into_iter().chain(of_invoice).chain(rest) {
        // Twice: what comes again changes nothing.
        for _ in 0..2 {
            send(app, &connected(&fixture(generation, name))).await;
            assert_eq!(standing(&store, AVA).await, (expected.0.to_owned(), expected.1), "{name}");
        }
        store.assert_no_drift().await;
    }
    let mut kinds = kinds(&store, AVA).await;
    kinds.sort();
    let expected = [
        "enrolled",
        "paid",
        "paid",
        "paid",
        "purchased",
        "purchased",
        "refunded",
        "refunded",
        "subscribed",
        "subscription_ended",
    ];
    assert_eq!(kinds, expected);
    let ava = customer(&store, AVA).await;
    assert_eq!(ava.name.as_deref(), Some("Ava Lindqvist"));
    assert_eq!((ava.source.as_str(), ava.consent.as_str()), ("course_enrollment", "unconfirmed"));
    let subscriptions = crate::facts::all_of(&store, &ava, "subscriptions").await;
    assert_eq!(subscriptions[0]["plan_title"], "Gold");
    assert_eq!(subscriptions[0]["price"], json!({ "amount": 900, "currency": "USD" }));
    let failed = super::received(&admin, "status=failed").await;
    assert_eq!(failed, [], "everything was understood");
}

async fn a_platform_that_reports_the_same_payment_counts_it_once(app: TestApp) {
    let (store, _) = connected_store(&app).await;
    let purchase = json!({
        "reference": "order-1", "customer": {"email": AVA}, "title": "Sample pack",
        "payment": {"reference": "pi_1", "amount": 4_900},
    });
    report(&store, "/purchases", &purchase).await;
    send(&app, &connected(&fixture(Generation::New, "checkout-payment"))).await;
    assert_eq!(standing(&store, AVA).await, ("paying".to_owned(), 4_900));
    send(&app, &connected(&fixture(Generation::New, "charge-refunded"))).await;
    assert_eq!(standing(&store, AVA).await, ("lead".to_owned(), 0));
    let other = json!({
        "reference": "order-2", "customer": {"email": AVA}, "payment": {"reference": "pi_1", "amount": 1},
    });
    assert_eq!(store.post("/purchases", &other).await.status, 409);
    store.assert_no_drift().await;
}
