//! Who is going idle: the hourly job, the period that a store sets, and the list to win back.

use fanbase_domain::{
    problem::ProblemCode,
    time::Timestamp,
    wire::{audit::AuditAction, customers::CustomerResponse, stores::StoreResponse},
};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use serde_json::json;

on_both_databases!(
    who_was_not_heard_of_for_the_idle_period_is_inactive,
    leads_to_win_back_are_listed_and_come_back,
    what_a_person_said_stands_until_the_customer_does_something,
    a_longer_period_makes_active_again_whom_the_rule_made_inactive,
    a_file_that_calls_somebody_inactive_is_believed,
    an_import_can_be_undone_after_its_people_went_idle,
    thousands_are_changed_in_batches_without_drift,
    the_period_is_a_setting_with_bounds,
);

const NOW: &str = "2026-06-30T12:00:00Z";

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

async fn run(app: &TestApp, now: &str) {
    app.db_find_idle(at(now)).await;
}

/// Imports people: address, creation, last activity.
async fn people(store: &Store, people: &[(&str, &str, &str)]) {
    let rows: String =
        people.iter().map(|(email, created, active)| format!("{email},{created},{active}\n")).collect();
    let _ = store.import("", format!("Email,Date Created,Last Activity\n{rows}")).await;
}

async fn with_status(store: &Store, status: &str) -> Vec<String> {
    let fans = store.fans(&format!("status={status}&sort=email")).await;
    fans.into_iter().map(|fan| fan.email).collect()
}

async fn customer(store: &Store, email: &str) -> CustomerResponse {
    crate::facts::customer(store, email).await
}

async fn who_was_not_heard_of_for_the_idle_period_is_inactive(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    people(
        &store,
        &[
            ("new@x.example", "2026-06-01", ""),
            ("old@x.example", "2024-06-01", ""),
            ("back@x.example", "2024-06-01", "2026-06-01"),
            ("gone@x.example", "2024-06-01", "2025-06-01"),
            ("edge@x.example", "2024-06-01", "2026-01-01T12:00:00Z"),
            ("over@x.example", "2024-06-01", "2026-01-01T11:59:59Z"),
        ],
    )
    .await;
    let before = customer(&store, "gone@x.example").await;
    run(&app, NOW).await;
    assert_eq!(with_status(&store, "active").await, ["back@x.example", "edge@x.example", "new@x.example"]);
    assert_eq!(with_status(&store, "inactive").await, ["gone@x.example", "old@x.example", "over@x.example"]);
    // Nobody edited anything.
    let after = customer(&store, "gone@x.example").await;
    assert_eq!((after.version, after.status.as_str()), (before.version, "inactive"));
    assert_eq!(store.audit_log("action=customer.updated").await, []);
    store.assert_no_drift().await;
    run(&app, NOW).await;
    assert_eq!(with_status(&store, "inactive").await.len(), 3);
    store.assert_no_drift().await;
}

async fn leads_to_win_back_are_listed_and_come_back(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    people(
        &store,
        &[
            ("idle@x.example", "2024-06-01", "2025-06-01"),
            ("lost@x.example", "2024-06-01", "2025-03-01"),
            ("buyer@x.example", "2024-06-01", "2025-06-01"),
            ("busy@x.example", "2024-06-01", "2026-06-01"),
        ],
    )
    .await;
    let buy = |reference: &str, email: &str, when: &str| {
        json!({
            "reference": reference, "customer": {"email": email}, "title": "Pack",
            "purchased_at": when, "payment": {"amount": 100},
        })
    };
    let _ = store.post("/purchases", &buy("o1", "buyer@x.example", "2025-01-01")).await.expect(201);
    run(&app, NOW).await;
    let list = "type=lead&status=inactive&sort=-last_activity_at";
    let leads: Vec<String> = store.fans(list).await.into_iter().map(|fan| fan.email).collect();
    assert_eq!(leads, ["idle@x.example", "lost@x.example"]);
    assert_eq!(store.counts("type=lead&status=inactive").await.lead, 2);
    assert_eq!(store.counts("status=inactive").await.total, 3);
    // The clock of the server decides what is new, so that this is.
    let _ = store.post("/purchases", &json!({
        "reference": "o2", "customer": {"email": "idle@x.example"}, "title": "Pack", "payment": {"amount": 100},
    })).await.expect(201);
    assert_eq!(customer(&store, "idle@x.example").await.status.as_str(), "active");
    assert_eq!(store.counts("type=lead&status=inactive").await.lead, 1);
    store.assert_no_drift().await;
}

async fn what_a_person_said_stands_until_the_customer_does_something(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    people(
        &store,
        &[("kept@x.example", "2024-06-01", "2025-06-01"), ("sent-off@x.example", "2024-06-01", "2026-06-01")],
    )
    .await;
    let (kept, sent_off) =
        (customer(&store, "kept@x.example").await, customer(&store, "sent-off@x.example").await);
    let _ = store.patch_customer(&kept, &json!({ "status": "active" })).await.expect(200);
    let _ = store.patch_customer(&sent_off, &json!({ "status": "inactive" })).await.expect(200);
    run(&app, NOW).await;
    assert_eq!(with_status(&store, "active").await, ["kept@x.example"]);
    assert_eq!(with_status(&store, "inactive").await, ["sent-off@x.example"]);
    for (reference, email) in [("e1", "kept@x.example"), ("e2", "sent-off@x.example")] {
        let enrollment = json!({
            "reference": reference, "customer": {"email": email},
            "course": {"reference": "mixing", "title": "Mixing"},
        });
        let _ = store.post("/enrollments", &enrollment).await.expect(201);
    }
    assert_eq!(with_status(&store, "inactive").await.len(), 0);
    // From here on the rule decides again, long after that.
    run(&app, "2036-06-30T12:00:00Z").await;
    assert_eq!(with_status(&store, "inactive").await, ["kept@x.example", "sent-off@x.example"]);
    store.assert_no_drift().await;
}

async fn a_longer_period_makes_active_again_whom_the_rule_made_inactive(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    people(
        &store,
        &[
            ("lately@x.example", "2024-06-01", "2026-06-01"),
            ("new@x.example", "2026-06-02", ""),
            ("said@x.example", "2024-06-01", "2026-06-01"),
            ("old@x.example", "2020-06-01", ""),
        ],
    )
    .await;
    let said = customer(&store, "said@x.example").await;
    let _ = store.patch_customer(&said, &json!({ "status": "inactive" })).await.expect(200);
    let _ = store.patch("", &json!({ "idle_days": 7 })).await.expect(200);
    run(&app, NOW).await;
    assert_eq!(with_status(&store, "active").await.len(), 0);
    let _ = store.patch("", &json!({ "idle_days": 60 })).await.expect(200);
    run(&app, NOW).await;
    assert_eq!(with_status(&store, "active").await, ["lately@x.example", "new@x.example"]);
    store.assert_no_drift().await;
}

async fn a_file_that_calls_somebody_inactive_is_believed(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let file = "Email,Date Created,Activity Status,Consent\n\
        told@x.example,2026-06-01,inactive,subscribed\n\
        active@x.example,2020-06-01,active,subscribed\n";
    let _ = store.import("", file).await;
    assert_eq!(with_status(&store, "inactive").await, ["told@x.example"]);
    run(&app, NOW).await;
    assert_eq!(with_status(&store, "inactive").await, ["active@x.example", "told@x.example"]);
    store.assert_no_drift().await;
}

async fn an_import_can_be_undone_after_its_people_went_idle(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let import =
        store.import("", "Email,Date Created\na@x.example,2020-01-01\nb@x.example,2020-01-01\n").await;
    run(&app, NOW).await;
    assert_eq!(with_status(&store, "inactive").await.len(), 2);
    assert_eq!(store.undo(import.id).await.undo_left, 0);
    assert_eq!(store.counts("").await.lead, 0);
    store.assert_no_drift().await;
}

async fn thousands_are_changed_in_batches_without_drift(app: TestApp) {
    let (store, other) = {
        let ava = app.creator("ava").await;
        (ava.store("s1").await, ava.store("s2").await)
    };
    let mut file = "Email,Date Created,Last Activity\n".to_owned();
    for i in 0..2_500 {
        let active = if i % 2 == 0 { "2025-06-01" } else { "" };
        let created = if i % 5 == 0 { "2026-06-01" } else { "2024-06-01" };
        file += &format!("p{i}@x.example,{created},{active}\n");
    }
    let _ = store.import("", file).await;
    let _ = other.import("", "Email,Date Created\nelsewhere@x.example,2024-06-01\n").await;
    let _ = other.patch("", &json!({ "idle_days": 3650 })).await.expect(200);
    run(&app, NOW).await;
    // Idle are the 1,250 of long ago, and four in five of those who never did anything.
    assert_eq!(store.counts("status=inactive").await.lead, 2_250);
    assert_eq!(other.counts("status=inactive").await.total, 0);
    store.assert_no_drift().await;
    other.assert_no_drift().await;
}

async fn the_period_is_a_setting_with_bounds(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    assert_eq!(store.get("").await.expect(200).json::<StoreResponse>().idle_days, 180);
    let changed: StoreResponse = store.patch("", &json!({ "idle_days": 30 })).await.expect(200).json();
    assert_eq!(changed.idle_days, 30);
    let line = &store.audit_log("").await[0];
    assert_eq!(line.action, AuditAction::StoreUpdated);
    assert_eq!(line.before.as_ref().unwrap()["idle_days"], 180);
    assert_eq!(line.after.as_ref().unwrap()["idle_days"], 30);
    for (wrong, code) in [
        (json!(6), "out_of_range"),
        (json!(3651), "out_of_range"),
        (json!(-1), "out_of_range"),
        (json!(null), "required"),
    ] {
        store.patch("", &json!({ "idle_days": wrong })).await.field_errors(&[("/idle_days", code)]);
    }
    let text = store.patch("", &json!({ "idle_days": "many" })).await;
    text.problem(400, ProblemCode::MalformedRequest);
    assert_eq!(store.get("").await.expect(200).json::<StoreResponse>().idle_days, 30);
}
