//! Saved views.

use fanbase_domain::{problem::ProblemCode, wire::views::ViewResponse};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use serde_json::json;

on_both_databases!(a_view_is_saved_changed_and_deleted, a_name_is_one_view_s, wrong_views_are_told);

async fn save(store: &Store, name: &str, query: &str) -> ViewResponse {
    store.post("/views", &json!({ "name": name, "query": query })).await.expect(201).json()
}

async fn names(store: &Store) -> Vec<String> {
    let views: Vec<ViewResponse> = store.get("/views").await.expect(200).json();
    views.into_iter().map(|view| view.name).collect()
}

async fn a_view_is_saved_changed_and_deleted(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let view = save(&store, "Quiet", "type=paying&sort=-total_spent").await;
    save(&store, "all", "").await;
    assert_eq!(names(&store).await, ["all", "Quiet"]);
    let path = format!("/views/{}", view.id);
    let changed: ViewResponse = store.patch(&path, &json!({ "name": "Buyers" })).await.expect(200).json();
    assert_eq!((changed.name.as_str(), &changed.query), ("Buyers", &view.query));
    assert!(changed.updated_at >= view.updated_at && changed.created_at == view.created_at);
    let _ = store.delete(&path).await.expect(204);
    assert_eq!(names(&store).await, ["all"]);
    store.delete(&path).await.problem(404, ProblemCode::NotFound);
    store.patch(&path, &json!({ "name": "x" })).await.problem(404, ProblemCode::NotFound);
    store.patch("/views/nonsense", &json!({})).await.problem(404, ProblemCode::NotFound);
}

async fn a_name_is_one_view_s(app: TestApp) {
    let creator = app.creator("ava").await;
    let store = creator.store("s1").await;
    let first = save(&store, "Quiet", "").await;
    let second = save(&store, "Loud", "").await;
    let again = store.post("/views", &json!({ "name": " QUIET ", "query": "" })).await;
    again.problem(409, ProblemCode::NameTaken);
    let renamed = store.patch(&format!("/views/{}", second.id), &json!({ "name": "quiet" })).await;
    renamed.problem(409, ProblemCode::NameTaken);
    let _ = store.patch(&format!("/views/{}", first.id), &json!({ "name": "QUIET" })).await.expect(200);
    save(&creator.store("s2").await, "Quiet", "").await;
}

async fn wrong_views_are_told(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let blank = store.post("/views", &json!({ "name": " ", "query": "" })).await;
    blank.field_errors(&[("/name", "required")]);
    for i in 0..100 {
        save(&store, &format!("View {i}"), "").await;
    }
    let one_more = store.post("/views", &json!({ "name": "One more", "query": "" })).await;
    one_more.problem(409, ProblemCode::Conflict);
}
