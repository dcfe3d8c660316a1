//! Tags of a store.

use fanbase_domain::{problem::ProblemCode, wire::tags::TagResponse};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use serde_json::json;

on_both_databases!(
    a_tag_is_created_renamed_and_deleted,
    a_name_belongs_to_one_tag,
    wrong_names_are_told,
    a_tag_is_renamed_for_everyone_who_has_it,
    a_deleted_tag_is_gone_from_everyone,
    a_merged_tag_is_the_other_one_for_everyone,
);

async fn tags(store: &Store) -> Vec<(String, u64)> {
    let tags: Vec<TagResponse> = store.get("/tags").await.expect(200).json();
    tags.into_iter().map(|tag| (tag.name, tag.customers)).collect()
}

async fn create(store: &Store, name: &str) -> TagResponse {
    store.post("/tags", &json!({ "name": name })).await.expect(201).json()
}

async fn a_tag_is_created_renamed_and_deleted(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let tag = create(&store, " VIP ").await;
    let path = format!("/tags/{}", tag.id);
    let renamed: TagResponse = store.patch(&path, &json!({ "name": "Top fan" })).await.expect(200).json();
    assert_eq!((renamed.id, renamed.name.as_str()), (tag.id, "Top fan"));
    assert_eq!(tags(&store).await, [("Top fan".to_owned(), 0)]);
    let _ = store.delete(&path).await.expect(204);
    assert_eq!(tags(&store).await, []);
    store.delete(&path).await.problem(404, ProblemCode::NotFound);
    store.patch(&path, &json!({ "name": "x" })).await.problem(404, ProblemCode::NotFound);
    store.delete("/tags/nonsense").await.problem(404, ProblemCode::NotFound);
}

async fn a_name_belongs_to_one_tag(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    create(&store, "Deep House").await;
    let other = create(&store, "edm").await;
    for same in ["deep house", " DEEP  HOUSE "] {
        store.post("/tags", &json!({ "name": same })).await.problem(409, ProblemCode::NameTaken);
        let renamed = store.patch(&format!("/tags/{}", other.id), &json!({ "name": same })).await;
        renamed.problem(409, ProblemCode::NameTaken);
    }
    let _ = store.patch(&format!("/tags/{}", other.id), &json!({ "name": "EDM" })).await.expect(200);
}

async fn wrong_names_are_told(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for (name, code) in [("", "tag_blank"), (" \u{a0}", "tag_blank"), (&*"x".repeat(101), "tag_too_long")] {
        store.post("/tags", &json!({ "name": name })).await.field_errors(&[("/name", code)]);
    }
    let nul = store.post("/tags", &json!({ "name": "a\u{0}b" })).await;
    nul.problem(422, ProblemCode::ValidationFailed);
    store.post("/tags", &json!({})).await.problem(400, ProblemCode::MalformedRequest);
    assert_eq!(tags(&store).await, []);
}

async fn a_tag_is_renamed_for_everyone_who_has_it(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let customer = store.create_customer(&json!({ "email": "a@x.example", "tags": ["vip", "edm"] })).await;
    let all: Vec<TagResponse> = store.get("/tags").await.expect(200).json();
    let vip = all.iter().find(|tag| tag.name == "vip").unwrap();
    let renamed: TagResponse =
        store.patch(&format!("/tags/{}", vip.id), &json!({ "name": "Best" })).await.expect(200).json();
    assert_eq!(renamed.customers, 1);
    assert_eq!(store.get_customer(&customer).await.tags, ["Best", "edm"]);
    assert_eq!((store.counts("tag=best").await.lead, store.counts("tag=vip").await.lead), (1, 0));
}

async fn a_deleted_tag_is_gone_from_everyone(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let customer = store.create_customer(&json!({ "email": "a@x.example", "tags": ["vip", "edm"] })).await;
    let all: Vec<TagResponse> = store.get("/tags").await.expect(200).json();
    let vip = all.iter().find(|tag| tag.name == "vip").unwrap();
    let _ = store.delete(&format!("/tags/{}", vip.id)).await.expect(204);
    assert_eq!(store.get_customer(&customer).await.tags, ["edm"]);
    assert_eq!((store.counts("tag=vip").await.lead, store.counts("tag=edm").await.lead), (0, 1));
}

async fn a_merged_tag_is_the_other_one_for_everyone(app: TestApp) {
    let creator = app.creator("ava").await;
    let store = creator.store("s1").await;
    for (email, tags) in
        [("a@x.example", &["vip"][..]), ("b@x.example", &["vip", "top"]), ("c@x.example", &["top"])]
    {
        store.create_customer(&json!({ "email": email, "tags": tags })).await;
    }
    let all: Vec<TagResponse> = store.get("/tags").await.expect(200).json();
    let id = |name: &str| all.iter().find(|tag| tag.name == name).unwrap().id;
    let path = format!("/tags/{}/merge", id("vip"));
    store.post(&path, &json!({ "into": id("vip") })).await.field_errors(&[("/into", "same_tag")]);
    let foreign = create(&creator.store("s2").await, "foreign").await;
    store.post(&path, &json!({ "into": foreign.id })).await.field_errors(&[("/into", "unknown")]);
    let merged: TagResponse = store.post(&path, &json!({ "into": id("top") })).await.expect(200).json();
    assert_eq!((merged.name.as_str(), merged.customers), ("top", 3));
    assert_eq!(tags(&store).await, [("top".to_owned(), 3)]);
    store.post(&path, &json!({ "into": id("top") })).await.problem(404, ProblemCode::NotFound);
}
