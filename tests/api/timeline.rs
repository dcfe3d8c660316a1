//! The timeline of a customer, and what is noted in it by hand.

use std::collections::BTreeSet;

use fanbase_domain::{
    problem::ProblemCode,
    wire::{
        activities::{ActivityKind, ActivityResponse},
        audit::AuditAction,
        customers::CustomerResponse,
        imports::ImportStatus,
        page::Page,
    },
};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use reqwest::Method;
use serde_json::{Value, json};

on_both_databases!(
    what_happened_is_noted_changed_and_deleted,
    wrong_notes_of_what_happened_are_told,
    only_what_was_noted_by_hand_is_changed,
    the_timeline_is_filtered_by_kind_and_paged,
    a_note_by_hand_is_not_the_customers_activity,
    who_has_something_noted_survives_the_undo_of_their_import,
    the_same_note_is_made_once,
);

async fn line(store: &Store, customer: &CustomerResponse, request: Value) -> ActivityResponse {
    store.post(&format!("/customers/{}/activities", customer.id), &request).await.expect(201).json()
}

async fn page(store: &Store, customer: &CustomerResponse, query: &str) -> Page<ActivityResponse> {
    store.get(&format!("/customers/{}/activity?{query}", customer.id)).await.expect(200).json()
}

async fn what_happened_is_noted_changed_and_deleted(app: TestApp) {
    let ava = app.creator("ava").await;
    let store = ava.store("s1").await;
    let customer = store.customer("a@x.example").await;
    let request =
        json!({ "kind": "call", "text": " First line\nsecond ", "at": "2025-03-01T10:00:00+02:00" });
    let call = line(&store, &customer, request).await;
    assert_eq!((call.kind, call.author_id), (ActivityKind::Call, Some(ava.user_id)));
    assert_eq!(call.detail.as_deref(), Some("First line\nsecond"));
    assert_eq!(call.at.to_rfc3339().as_deref(), Some("2025-03-01T08:00:00.000Z"));
    let tool = store.seen_by(&store.key(&["fans:write", "fans:read"]).await);
    let other = line(&tool, &customer, json!({ "kind": "other", "text": "Tool" })).await;
    assert_eq!(other.author_id, None);
    let kinds =
        |page: Page<ActivityResponse>| page.items.into_iter().map(|line| line.kind).collect::<Vec<_>>();
    let expected = [ActivityKind::Other, ActivityKind::Created, ActivityKind::Call];
    assert_eq!(kinds(page(&store, &customer, "").await), expected);

    let path = format!("/customers/{}/activities/{}", customer.id, call.id);
    let patch = json!({ "kind": "meeting", "text": "We met" });
    let bob = store.member(&app, "bob", "SUBACCOUNT_USER").await;
    let changed: ActivityResponse = store.seen_by(&bob).patch(&path, &patch).await.expect(200).json();
    let detail = Some("We met".to_owned());
    assert_eq!(changed, ActivityResponse { kind: ActivityKind::Meeting, detail, ..call.clone() });
    let _ = store.patch(&path, &json!({})).await.expect(200);
    let _ = store.patch(&path, &json!({ "text": "We met" })).await.expect(200);
    let moved: ActivityResponse =
        store.patch(&path, &json!({ "at": "2025-04-01T00:00:00Z" })).await.expect(200).json();
    assert_eq!(page(&store, &customer, "kind=meeting").await.items, [moved]);
    let _ = store.delete(&path).await.expect(204);
    store.delete(&path).await.problem(404, ProblemCode::NotFound);
    assert_eq!(kinds(page(&store, &customer, "").await), expected[..2]);

    let log = store.audit_log(&format!("subject_id={}", customer.id)).await;
    let actions: Vec<AuditAction> = log.iter().map(|line| line.action).collect();
    assert_eq!(
        actions,
        [
            AuditAction::ActivityDeleted,
            AuditAction::ActivityUpdated,
            AuditAction::ActivityUpdated,
            AuditAction::ActivityCreated,
            AuditAction::ActivityCreated,
            AuditAction::CustomerCreated,
        ]
    );
    assert_eq!(log[2].actor.id, Some(bob.user_id.uuid()));
    assert_eq!(log[2].before.as_ref().unwrap()["detail"], "First line\nsecond");
}

async fn wrong_notes_of_what_happened_are_told(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let customer = store.customer("a@x.example").await;
    let path = format!("/customers/{}/activities", customer.id);
    let check = async |request: Value, expected: &[(&str, &str)]| {
        store.post(&path, &request).await.field_errors(expected);
    };
    check(json!({ "kind": "call", "text": " " }), &[("/text", "required")]).await;
    check(json!({ "kind": "call", "text": "x".repeat(2_001) }), &[("/text", "too_long")]).await;
    check(
        json!({ "kind": "paid", "text": "\u{0}" }),
        &[("/kind", "not_by_hand"), ("/text", "control_character")],
    )
    .await;
    check(json!({ "kind": "call", "text": "x", "at": "2999-01-01" }), &[("/at", "in_the_future")]).await;
    let unknown = store.post(&path, &json!({ "kind": "fax", "text": "x" })).await;
    unknown.problem(400, ProblemCode::MalformedRequest);
    let nobody = format!("/customers/{}/activities", uuid::Uuid::now_v7());
    let note = json!({ "kind": "call", "text": "x" });
    store.post(&nobody, &note).await.problem(404, ProblemCode::NotFound);
    let call = line(&store, &customer, note).await;
    let one = format!("{path}/{}", call.id);
    let future = store.patch(&one, &json!({ "at": "2999-01-01" })).await;
    future.field_errors(&[("/at", "in_the_future")]);
    store.patch(&one, &json!({ "text": null })).await.field_errors(&[("/text", "required")]);
    store.patch(&one, &json!({ "kind": "created" })).await.field_errors(&[("/kind", "not_by_hand")]);
    let elsewhere = store.customer("b@x.example").await;
    let elsewhere = format!("/customers/{}/activities/{}", elsewhere.id, call.id);
    store.patch(&elsewhere, &json!({ "text": "x" })).await.problem(404, ProblemCode::NotFound);
    store.delete(&elsewhere).await.problem(404, ProblemCode::NotFound);
    let activity = format!("/customers/{}/activity", customer.id);
    store.get(&format!("{activity}?kind=fax")).await.field_errors(&[("kind", "unknown_value")]);
    store.get(&format!("{activity}?cursor=x")).await.problem(400, ProblemCode::InvalidCursor);
}

async fn only_what_was_noted_by_hand_is_changed(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let customer = store.customer("a@x.example").await;
    let created = page(&store, &customer, "").await.items.remove(0);
    let path = format!("/customers/{}/activities/{}", customer.id, created.id);
    store.patch(&path, &json!({ "text": "x" })).await.problem(409, ProblemCode::Conflict);
    store.delete(&path).await.problem(409, ProblemCode::Conflict);
    assert_eq!(page(&store, &customer, "").await.items, [created]);
}

async fn the_timeline_is_filtered_by_kind_and_paged(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let customer = store.customer("a@x.example").await;
    // Several at the same moment: the id decides.
    for i in 0..120 {
        let kind = ["call", "meeting", "email"][i % 3];
        let at = format!("2025-01-{:02}T00:00:00Z", 1 + i / 10);
        line(&store, &customer, json!({ "kind": kind, "text": i.to_string(), "at": at })).await;
    }
    let walk = async |filter: &str| {
        let (mut seen, mut sizes, mut cursor) = (Vec::new(), Vec::new(), String::new());
        loop {
            let page = page(&store, &customer, &format!("{filter}{cursor}")).await;
            sizes.push(page.items.len());
            seen.extend(page.items);
            match page.next_cursor {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return (seen, sizes),
            }
        }
    };
    let (calls, sizes) = walk("kind=call&kind=meeting").await;
    assert_eq!(sizes, [50, 30]);
    assert!(calls.iter().all(|line| line.kind != ActivityKind::Email));
    let (all, sizes) = walk("").await;
    assert_eq!(sizes, [50, 50, 21]);
    assert!(all.is_sorted_by_key(|line| std::cmp::Reverse((line.at, line.id))));
    assert_eq!(all.iter().map(|line| line.id).collect::<BTreeSet<_>>().len(), 121);
    let (none, sizes) = walk("kind=refunded").await;
    assert_eq!((none.len(), sizes), (0, vec![0]));
}

async fn a_note_by_hand_is_not_the_customers_activity(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let customer = store.customer("a@x.example").await;
    let inactive: CustomerResponse =
        store.patch_customer(&customer, &json!({ "status": "inactive" })).await.expect(200).json();
    line(&store, &customer, json!({ "kind": "call", "text": "Nobody answered" })).await;
    assert_eq!(store.get_customer(&customer).await, inactive);
}

async fn who_has_something_noted_survives_the_undo_of_their_import(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let import = store.import("", "Email\na@x.example\nb@x.example\n").await;
    let ava = crate::facts::customer(&store, "a@x.example").await;
    line(&store, &ava, json!({ "kind": "meeting", "text": "At the fair" })).await;
    let undone = store.undo(import.id).await;
    assert_eq!((undone.status, undone.undo_left), (ImportStatus::Undone, 1));
    assert_eq!(page(&store, &ava, "kind=meeting").await.items.len(), 1);
    assert_eq!(store.counts("").await.lead, 1);
    store.assert_no_drift().await;
}

async fn the_same_note_is_made_once(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let customer = store.customer("a@x.example").await;
    let path = format!("/customers/{}/activities", customer.id);
    let post = || {
        let request = store.request(Method::POST, &path).header("idempotency-key", "one");
        request.json(&json!({ "kind": "email", "text": "Sent the invoice" })).send()
    };
    let (first, second) = (post().await.expect(201), post().await.expect(201));
    assert_eq!(first.text(), second.text());
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    assert_eq!(page(&store, &customer, "kind=email").await.items.len(), 1);
}
