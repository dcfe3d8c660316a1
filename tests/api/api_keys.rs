//! API keys of a store.

use fanbase_domain::{
    problem::ProblemCode,
    source::Source,
    wire::{api_keys::ApiKeyResponse, customers::CustomerResponse},
};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases, poll};
use serde_json::json;

on_both_databases!(
    a_key_is_shown_once_used_and_revoked,
    wrong_fields_of_a_key_are_told,
    a_key_does_what_its_scopes_allow,
    the_time_a_key_was_last_used_is_kept,
    keys_are_managed_by_people,
);

async fn keys(store: &Store) -> Vec<ApiKeyResponse> {
    store.get("/api-keys").await.expect(200).json()
}

async fn a_key_is_shown_once_used_and_revoked(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let request = json!({ "name": " Shop ", "scopes": ["fans:read", "fans:read"] });
    let answer = store.post("/api-keys", &request).await.expect(201);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let secret = answer.json::<serde_json::Value>()["secret"].as_str().unwrap().to_owned();
    let listed = store.get("/api-keys").await.expect(200);
    assert!(!listed.text().contains(&secret), "the secret is shown again");
    let key = keys(&store).await.remove(0);
    assert_eq!((key.name.as_str(), key.scopes.len(), key.revoked_at), ("Shop", 1, None));
    assert!(secret.starts_with(&key.prefix));
    let tool = store.seen_by(&app.with_key(&secret));
    let _ = tool.get("/fans").await.expect(200);
    let path = format!("/api-keys/{}", key.id);
    let _ = store.delete(&path).await.expect(204);
    tool.get("/fans").await.problem(401, ProblemCode::Unauthenticated);
    let revoked = keys(&store).await.remove(0).revoked_at;
    assert!(revoked.is_some());
    let _ = store.delete(&path).await.expect(204);
    assert_eq!(keys(&store).await.remove(0).revoked_at, revoked);
    let nobody = format!("/api-keys/{}", uuid::Uuid::now_v7());
    store.delete(&nobody).await.problem(404, ProblemCode::NotFound);
}

async fn wrong_fields_of_a_key_are_told(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let answer = store.post("/api-keys", &json!({ "name": " ", "scopes": [] })).await;
    answer.field_errors(&[("/name", "required"), ("/scopes", "required")]);
    let unknown = store.post("/api-keys", &json!({ "name": "x", "scopes": ["everything"] })).await;
    unknown.problem(400, ProblemCode::MalformedRequest);
    assert_eq!(keys(&store).await, []);
}

async fn a_key_does_what_its_scopes_allow(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let writer = store.seen_by(&store.key(&["fans:write"]).await);
    let created: CustomerResponse =
        writer.post("/customers", &json!({ "email": "a@x.example" })).await.expect(201).json();
    assert_eq!(created.source, Source::Api);
    writer.get("/fans").await.problem(403, ProblemCode::Forbidden);
    let importer = store.seen_by(&store.key(&["imports:write", "fans:read"]).await);
    assert_eq!(importer.import("", "Email\nb@x.example\n").await.tally.created, 1);
    let refused = importer.post("/customers", &json!({ "email": "c@x.example" })).await;
    refused.problem(403, ProblemCode::Forbidden);
}

async fn the_time_a_key_was_last_used_is_kept(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let key = store.key(&["fans:read"]).await;
    assert_eq!(keys(&store).await.remove(0).last_used_at, None);
    let _ = store.seen_by(&key).get("/fans").await.expect(200);
    poll::until("the key's last use", async || keys(&store).await.remove(0).last_used_at).await;
}

async fn keys_are_managed_by_people(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let all = ["fans:read", "fans:write", "imports:write"];
    let tool = store.seen_by(&store.key(&all).await);
    tool.get("/api-keys").await.problem(403, ProblemCode::Forbidden);
    let request = json!({ "name": "x", "scopes": all });
    tool.post("/api-keys", &request).await.problem(403, ProblemCode::Forbidden);
    tool.patch("", &json!({ "name": "x" })).await.problem(403, ProblemCode::Forbidden);
}
