//! Subscriptions.

use fanbase_domain::problem::ProblemCode;
use fanbase_tests::{Caller as _, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{customer, platform, report, standing};

on_both_databases!(
    a_subscription_follows_the_latest_report,
    an_end_is_final,
    a_reference_is_one_subscription_of_one_person,
    a_plan_says_what_it_costs_unless_told,
);

fn subscription(more: &Value) -> Value {
    let mut body = json!({
        "reference": "s1", "customer": {"email": "ava@x.example"}, "started_at": "2026-01-01T00:00:00Z",
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

async fn a_subscription_follows_the_latest_report(app: TestApp) {
    let (store, platform) = platform(&app).await;
    let made = report(&platform, "/subscriptions", &subscription(&json!({ "status": "trialing" }))).await;
    let path = format!("/subscriptions/{}", made["id"].as_str().unwrap());
    for (status, at, seen, kind) in [
        ("active", "2026-01-02T00:00:00Z", "active", "subscription"),
        ("past_due", "2026-02-02T00:00:00Z", "past_due", "subscription"),
        ("active", "2026-01-20T00:00:00Z", "past_due", "subscription"),
        ("unpaid", "2026-02-09T00:00:00Z", "unpaid", "lead"),
        ("active", "2026-02-10T00:00:00Z", "active", "subscription"),
        ("paused", "2026-02-11T00:00:00Z", "paused", "lead"),
    ] {
        let patch = json!({ "status": status, "as_of": at });
        let answer: Value = platform.patch(&path, &patch).await.expect(200).json();
        assert_eq!(answer["status"], seen, "{status} {at}");
        assert_eq!(standing(&store, "ava@x.example").await.0, kind, "{status} {at}");
        store.assert_no_drift().await;
    }
    // What began it, sent again, does not bring it back to its beginning.
    let again: Value = platform
        .post("/subscriptions", &subscription(&json!({ "status": "trialing" })))
        .await
        .expect(200)
        .json();
    assert_eq!(again["status"], "paused");
}

async fn an_end_is_final(app: TestApp) {
    let (store, platform) = platform(&app).await;
    let made = report(&platform, "/subscriptions", &subscription(&json!({}))).await;
    let path = format!("/subscriptions/{}", made["id"].as_str().unwrap());
    let over = json!({ "status": "canceled", "as_of": "2026-03-01T00:00:00Z" });
    let ended: Value = platform.patch(&path, &over).await.expect(200).json();
    for later in
        [json!({ "status": "active" }), json!({ "status": "active", "as_of": "2026-02-01T00:00:00Z" })]
    {
        let answer: Value = platform.patch(&path, &later).await.expect(200).json();
        assert_eq!(answer, ended);
    }
    assert_eq!(standing(&store, "ava@x.example").await.0, "lead");
    report(&platform, "/subscriptions", &subscription(&json!({ "reference": "s2" }))).await;
    assert_eq!(standing(&store, "ava@x.example").await.0, "subscription");
    platform.patch(&path, &json!({ "status": null })).await.field_errors(&[("/status", "required")]);
    let nobody = format!("/subscriptions/{}", uuid::Uuid::now_v7());
    platform.patch(&nobody, &over).await.problem(404, ProblemCode::NotFound);
}

async fn a_reference_is_one_subscription_of_one_person(app: TestApp) {
    let (store, platform) = platform(&app).await;
    let body = subscription(&json!({}));
    let made = report(&platform, "/subscriptions", &body).await;
    let before = customer(&store, "ava@x.example").await;
    let again: Value = platform.post("/subscriptions", &body).await.expect(200).json();
    assert_eq!(again, made);
    assert_eq!(customer(&store, "ava@x.example").await, before);
    let other = subscription(&json!({ "customer": {"email": "bob@x.example"} }));
    platform.post("/subscriptions", &other).await.problem(409, ProblemCode::Conflict);
    assert_eq!(store.counts("").await.total, 1, "Ava");
}

async fn a_plan_says_what_it_costs_unless_told(app: TestApp) {
    let (_, platform) = platform(&app).await;
    let gold = json!({ "reference": "gold", "title": "Gold", "price": {"amount": 900}, "interval": "year" });
    report(&platform, "/plans", &gold).await;
    let plan = json!({ "reference": "gold" });
    let made = report(&platform, "/subscriptions", &subscription(&json!({ "plan": plan }))).await;
    assert_eq!((&made["price"]["amount"], &made["interval"]), (&json!(900), &json!("year")));
    let told = json!({ "reference": "s2", "plan": plan, "price": {"amount": 700, "currency": "EUR"} });
    let made = report(&platform, "/subscriptions", &subscription(&told)).await;
    assert_eq!(made["price"], json!({ "amount": 700, "currency": "EUR" }));
    let unknown = subscription(&json!({ "plan": {"reference": "silver"} }));
    platform.post("/subscriptions", &unknown).await.field_errors(&[("/plan/reference", "unknown_reference")]);
}
