//! API keys of a store.

use fanbase_domain::{
    problem::ProblemCode,
    source::Source,
    wire::{
        api_keys::{ApiKeyResponse, CreatedApiKeyResponse},
        customers::CustomerResponse,
    },
};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases, poll};
use serde_json::json;

on_both_databases!(
    a_key_is_shown_once_used_and_revoked,
    wrong_fields_of_a_key_are_told,
    a_key_does_what_its_scopes_allow,
    the_time_a_key_was_last_used_is_kept,
    keys_are_managed_by_people,
    a_key_is_replaced_without_a_gap,
    a_key_expires,
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

async fn a_key_is_replaced_without_a_gap(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let old = store.key(&["fans:read", "imports:write"]).await;
    let rotate = async |id: &str, hours: u32| {
        store.post(&format!("/api-keys/{id}/rotate"), &json!({ "overlap_hours": hours })).await
    };
    let new: CreatedApiKeyResponse = rotate(&old.id.to_string(), 24).await.expect(201).json();
    assert_eq!((new.key.name.as_str(), new.key.scopes.len(), new.key.expires_at), ("Test", 2, None));
    let works = async |secret: &str| store.seen_by(&app.with_key(secret)).get("/fans").await;
    let _ = works(&old.secret).await.expect(200);
    let _ = works(&new.secret).await.expect(200);
    let listed = keys(&store).await;
    let ends = listed.iter().find(|key| key.id == old.id).unwrap().expires_at.unwrap();
    let hours = (ends.millis() - fanbase_api::clock::now().millis()) / 3_600_000;
    assert_eq!(hours, 23);
    // Replaced again, at once: the old one is refused from then on.
    let newest: CreatedApiKeyResponse = rotate(&new.key.id.to_string(), 0).await.expect(201).json();
    works(&new.secret).await.problem(401, ProblemCode::Unauthenticated);
    let me = app.with_key(&new.secret).get("/api/v1/me").await;
    me.problem(401, ProblemCode::Unauthenticated);
    let _ = works(&newest.secret).await.expect(200);
    rotate(&new.key.id.to_string(), 0).await.problem(409, ProblemCode::Conflict);
    rotate(&newest.key.id.to_string(), 721).await.field_errors(&[("/overlap_hours", "out_of_range")]);
    rotate(&uuid::Uuid::now_v7().to_string(), 1).await.problem(404, ProblemCode::NotFound);
}

async fn a_key_expires(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let create = async |at: &str| {
        store.post("/api-keys", &json!({ "name": "x", "scopes": ["fans:read"], "expires_at": at })).await
    };
    create("2020-01-01T00:00:00Z").await.field_errors(&[("/expires_at", "in_the_past")]);
    let key: CreatedApiKeyResponse = create("2999-01-01T00:00:00Z").await.expect(201).json();
    assert_eq!(key.key.expires_at.unwrap().to_rfc3339().as_deref(), Some("2999-01-01T00:00:00.000Z"));
    let _ = store.seen_by(&app.with_key(&key.secret)).get("/fans").await.expect(200);
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
