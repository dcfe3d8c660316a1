//! The log of who did what.

use std::collections::BTreeSet;

use fanbase_domain::{
    problem::ProblemCode,
    wire::{
        audit::{ActorKind, AuditAction, AuditEntryResponse},
        page::Page,
    },
};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use reqwest::Method;
use serde_json::{Value, json};

on_both_databases!(
    everything_that_is_done_in_a_store_is_logged,
    a_line_says_who_what_and_from_where,
    what_is_refused_or_changes_nothing_leaves_no_line,
    secrets_are_not_logged,
    the_log_is_filtered_and_paged,
    the_log_is_exported_safely,
);

async fn created(store: &Store, path: &str, request: Value) -> String {
    let thing: Value = store.post(path, &request).await.expect(201).json();
    thing["id"].as_str().unwrap().to_owned()
}

async fn everything_that_is_done_in_a_store_is_logged(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let _ = store.patch("", &json!({ "name": "Renamed" })).await.expect(200);
    let mira = store.member(&app, "mira", "SUBACCOUNT_USER").await;
    let member = format!("/members/{}", mira.user_id);
    let _ = store.patch(&member, &json!({ "role": "AGENCY_ADMIN" })).await.expect(200);
    let _ = store.delete(&member).await.expect(204);
    let invitation = store.invite("x@x.example", "AGENCY_ADMIN").await.invitation.id;
    let _ = store.delete(&format!("/invitations/{invitation}")).await.expect(204);
    let key = store.key(&["fans:read"]).await.id;
    let _ = store.post(&format!("/api-keys/{key}/rotate"), &json!({})).await.expect(201);
    let _ = store.delete(&format!("/api-keys/{key}")).await.expect(204);
    let customer = format!("/customers/{}", store.customer("a@x.example").await.id);
    let _ = store.patch(&customer, &json!({ "alias": "A" })).await.expect(200);
    let note = created(&store, &format!("{customer}/notes"), json!({ "text": "x" })).await;
    let _ = store.delete(&format!("{customer}/notes/{note}")).await.expect(204);
    let call = json!({ "kind": "call", "text": "x" });
    let call =
        format!("{customer}/activities/{}", created(&store, &format!("{customer}/activities"), call).await);
    let _ = store.patch(&call, &json!({ "text": "y" })).await.expect(200);
    let _ = store.delete(&call).await.expect(204);
    let _ = store.delete(&customer).await.expect(204);
    let import = store.import("", "Email,Tags\nb@x.example,old\n").await.id;
    let _ = store.post("/fans/bulk?", &json!({ "action": "tag", "tags": ["vip"] })).await.expect(200);
    let _ = store.export().await;
    let _ = store.request(Method::POST, &format!("/imports/{import}/undo")).send().await.expect(202);
    let tag = created(&store, "/tags", json!({ "name": "one" })).await;
    let other = created(&store, "/tags", json!({ "name": "two" })).await;
    let _ = store.patch(&format!("/tags/{tag}"), &json!({ "name": "uno" })).await.expect(200);
    let _ = store.post("/backfills", &json!({ "what": "courses" })).await.expect(202);
    let _ = store.post(&format!("/tags/{tag}/merge"), &json!({ "into": other })).await.expect(200);
    let _ = store.delete(&format!("/tags/{other}")).await.expect(204);
    let view = format!("/views/{}", created(&store, "/views", json!({ "name": "v", "query": "" })).await);
    let _ = store.patch(&view, &json!({ "name": "w" })).await.expect(200);
    let _ = store.delete(&view).await.expect(204);
    let field = created(&store, "/custom-fields", json!({ "label": "Daw" })).await;
    let _ = store.patch(&format!("/custom-fields/{field}"), &json!({ "label": "DAW" })).await.expect(200);
    let _ = store.delete(&format!("/custom-fields/{field}")).await.expect(200);
    for (path, one) in [("/courses", "course"), ("/products", "product"), ("/plans", "plan")] {
        let id = created(&store, path, json!({ "reference": one, "title": one })).await;
        let _ = store.patch(&format!("{path}/{id}"), &json!({ "title": "Renamed" })).await.expect(200);
    }
    let who = json!({ "email": "c@x.example" });
    let enrollment = json!({ "reference": "e1", "customer": who, "course": {"reference": "course"} });
    let enrollment = created(&store, "/enrollments", enrollment).await;
    let progress = json!({ "progress": 50 });
    let _ = store.patch(&format!("/enrollments/{enrollment}"), &progress).await.expect(200);
    let purchase = json!({ "reference": "o1", "customer": who, "payment": {"amount": 500} });
    created(&store, "/purchases", purchase).await;
    let refund = json!({ "reference": "r1", "payment": "o1", "amount": 500 });
    let _ = store.post("/refunds", &refund).await.expect(201);
    let subscription = created(&store, "/subscriptions", json!({ "reference": "s1", "customer": who })).await;
    let over = json!({ "status": "canceled" });
    let _ = store.patch(&format!("/subscriptions/{subscription}"), &over).await.expect(200);

    let logged: BTreeSet<AuditAction> =
        store.audit_log("limit=200").await.into_iter().map(|line| line.action).collect();
    let of_platform =
        |action: &AuditAction| ["user.", "webhook."].iter().any(|kind| action.as_str().starts_with(kind));
    let expected = AuditAction::ALL.into_iter().filter(|action| !of_platform(action)).collect();
    assert_eq!(logged, expected);
}

async fn a_line_says_who_what_and_from_where(app: TestApp) {
    let ava = app.creator("ava").await;
    let store = ava.store("s1").await;
    let tool = store.key(&["fans:write"]).await;
    let customer = store.customer("a@x.example").await;
    let path = format!("/customers/{}", customer.id);
    let seen = store.seen_by(&tool);
    let patch = seen.request(Method::PATCH, &path).header("if-match", "*").header("x-request-id", "r-1");
    let _ = patch.json(&json!({ "first_name": "Ada", "tags": ["vip"] })).send().await.expect(200);
    let known = store.audit_log(&format!("subject_id={}", customer.id)).await;
    let _ = store.delete(&path).await.expect(204);
    let lines = store.audit_log(&format!("subject_id={}", customer.id)).await;
    let actions: Vec<AuditAction> = lines.iter().map(|line| line.action).collect();
    let expected = [AuditAction::CustomerDeleted, AuditAction::CustomerUpdated, AuditAction::CustomerCreated];
    assert_eq!(actions, expected);
    let ([deleted, ..], [updated, _]) = (&lines[..], &known[..]) else { panic!("{lines:?}") };
    assert_eq!((updated.actor.kind, updated.actor.id), (ActorKind::ApiKey, Some(tool.id.uuid())));
    assert_eq!((updated.actor.name.as_deref(), updated.request_id.as_deref()), (Some("Test"), Some("r-1")));
    assert_eq!(updated.address.as_deref(), Some("127.0.0.1"));
    let (before, after) = (updated.before.as_ref().unwrap(), updated.after.as_ref().unwrap());
    assert_eq!((&before["first_name"], &after["first_name"]), (&json!(null), &json!("Ada")));
    assert_eq!((&before["tags"], &after["tags"]), (&json!([]), &json!(["vip"])));
    assert!(!before.contains_key("email") && !after.contains_key("email"));
    assert_eq!((deleted.actor.kind, deleted.actor.id), (ActorKind::User, Some(ava.user_id.uuid())));
    assert_eq!(deleted.actor.name.as_deref(), Some(ava.email.as_str()));
    // Of somebody who was deleted, a keyed hash of the address stays, and who did what.
    assert_eq!(deleted.before.as_ref().unwrap()["email_hashes"].as_array().unwrap().len(), 1);
    assert!(lines[1..].iter().all(|line| line.before.is_none() && line.after.is_none()), "{lines:?}");
}

async fn what_is_refused_or_changes_nothing_leaves_no_line(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let customer = store.customer("a@x.example").await;
    let before = store.audit_log("").await.len();
    let path = format!("/customers/{}", customer.id);
    let _ = store.patch(&path, &json!({})).await.expect(200);
    store.patch(&path, &json!({ "email": "nobody" })).await.problem(422, ProblemCode::ValidationFailed);
    store.post("/customers", &json!({ "email": "A@x.example" })).await.problem(409, ProblemCode::EmailTaken);
    let stale = store.request(Method::PATCH, "").header("if-match", "\"7\"").json(&json!({ "name": "x" }));
    stale.send().await.problem(412, ProblemCode::VersionMismatch);
    let key = "{ \"action\": \"untag\", \"tags\": [\"nobody has it\"] }";
    let bulk: Value = serde_json::from_str(key).unwrap();
    let _ = store.post("/fans/bulk?", &bulk).await.expect(200);
    assert_eq!(store.audit_log("").await.len(), before);
}

async fn secrets_are_not_logged(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let key = store.key(&["fans:read"]).await;
    let invitation = store.invite("x@x.example", "AGENCY_ADMIN").await;
    let log = store.get("/audit-log").await.expect(200).text()
        + &store.get("/audit-log/export").await.expect(200).text();
    assert!(log.contains(&key.id.to_string()) && log.contains("x@x.example"));
    assert!(!log.contains(&key.secret) && !log.contains(&invitation.token));
}

async fn the_log_is_filtered_and_paged(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for i in 0..5 {
        let _ = created(&store, "/tags", json!({ "name": format!("tag {i}") })).await;
    }
    let mut names = Vec::new();
    let mut path = "/audit-log?action=tag.created&limit=2".to_owned();
    loop {
        let page: Page<AuditEntryResponse> = store.get(&path).await.expect(200).json();
        assert!(page.items.len() <= 2);
        names.extend(
            page.items.into_iter().map(|line| line.after.unwrap()["name"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page.next_cursor else { break };
        path = format!("/audit-log?action=tag.created&limit=2&cursor={cursor}");
    }
    assert_eq!(names, ["tag 4", "tag 3", "tag 2", "tag 1", "tag 0"]);
    assert_eq!(store.audit_log("action=tag.deleted").await, []);
    assert_eq!(store.audit_log("before=2020-01-01").await, []);
    assert_eq!(store.audit_log("after=2020-01-01&action=tag.created").await.len(), 5);
    assert_eq!(store.audit_log(&format!("actor_id={}", uuid::Uuid::now_v7())).await, []);
    store.get("/audit-log?cursor=x").await.problem(400, ProblemCode::InvalidCursor);
    store.get("/audit-log?colour=red").await.field_errors(&[("colour", "unknown_parameter")]);
    let other = app.creator("bob").await.store("s2").await;
    assert_eq!(other.audit_log("action=tag.created").await, []);
}

async fn the_log_is_exported_safely(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let key = json!({ "name": "=cmd|' /C calc'!A0", "scopes": ["fans:write"] });
    let secret: Value = store.post("/api-keys", &key).await.expect(201).json();
    let tool = store.seen_by(&app.with_key(secret["secret"].as_str().unwrap()));
    for i in 0..1_100 {
        tool.customer(&format!("c{i}@x.example")).await;
    }
    let csv = store.get("/audit-log/export?action=customer.created").await.expect(200);
    assert!(csv.header("content-disposition").unwrap().contains("s1-audit-log.csv"));
    let text = csv.text();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().get(1), Some("Action"));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1_100);
    assert!(rows.iter().all(|row| &row[3] == "'=cmd|' /C calc'!A0"), "{:?}", rows[0]);
}
