//! Opening and changing stores.

use fanbase_domain::{problem::ProblemCode, wire::stores::StoreResponse};
use fanbase_tests::{Caller as _, TestApp, on_both_databases};
use reqwest::Method;
use serde_json::json;

on_both_databases!(
    a_store_is_opened_read_and_renamed,
    wrong_fields_of_a_store_are_told,
    a_slug_belongs_to_one_store,
    a_store_changes_only_in_the_version_that_was_read,
    a_foreign_store_does_not_exist,
);

async fn a_store_is_opened_read_and_renamed(app: TestApp) {
    let ava = app.creator("ava").await;
    let request = json!({ "name": "Pause Play", "slug": "pause-play", "currency": "EUR" });
    let answer = ava.post("/api/v1/stores", &request).await.expect(201);
    let store: StoreResponse = answer.json();
    assert_eq!(answer.header("location"), Some(format!("/api/v1/stores/{}", store.id).as_str()));
    assert_eq!((store.name.as_str(), store.slug.as_str()), ("Pause Play", "pause-play"));
    let seen = ava.open(store.id).get("").await.expect(200);
    assert_eq!(seen.json::<StoreResponse>(), store);
    assert_eq!(seen.header("etag"), answer.header("etag"));
    let renamed: StoreResponse =
        ava.open(store.id).patch("", &json!({ "name": "Play" })).await.expect(200).json();
    assert_eq!(renamed.name, "Play");
    let listed: Vec<StoreResponse> = ava.get("/api/v1/stores").await.expect(200).json();
    assert_eq!(listed, [renamed]);
}

async fn wrong_fields_of_a_store_are_told(app: TestApp) {
    let ava = app.creator("ava").await;
    let request = json!({ "name": " ", "slug": "Not A Slug", "currency": "money" });
    let answer = ava.post("/api/v1/stores", &request).await;
    let problem = answer.problem(422, ProblemCode::ValidationFailed);
    let pointers: Vec<&str> = problem.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(pointers, ["/name", "/slug", "/currency"]);
    let nul = json!({ "name": "a\u{0}b", "slug": "a-store" });
    ava.post("/api/v1/stores", &nul).await.field_errors(&[("/name", "control_character")]);
    let unknown = json!({ "name": "A", "slug": "a-store", "colour": "red" });
    ava.post("/api/v1/stores", &unknown).await.problem(400, ProblemCode::MalformedRequest);
    let listed: Vec<StoreResponse> = ava.get("/api/v1/stores").await.expect(200).json();
    assert_eq!(listed, []);
}

async fn a_slug_belongs_to_one_store(app: TestApp) {
    app.creator("ava").await.store("taken").await;
    let request = json!({ "name": "Another", "slug": "taken" });
    let answer = app.creator("bob").await.post("/api/v1/stores", &request).await;
    answer.problem(409, ProblemCode::NameTaken);
}

async fn a_store_changes_only_in_the_version_that_was_read(app: TestApp) {
    let store = app.creator("ava").await.store("versions").await;
    let etag = store.get("").await.expect(200).header("etag").unwrap().to_owned();
    let patch = |etag: Option<&str>| {
        let request = store.request(Method::PATCH, "").json(&json!({ "name": "New" }));
        match etag {
            Some(etag) => request.header("if-match", etag),
            None => request,
        }
    };
    patch(None).send().await.problem(428, ProblemCode::VersionRequired);
    for wrong in ["\"v99\"", "\"\"", "v", "nonsense", "\"v99999999999999999999\""] {
        patch(Some(wrong)).send().await.problem(412, ProblemCode::VersionMismatch);
    }
    let _ = patch(Some(&etag)).send().await.expect(200);
    patch(Some(&etag)).send().await.problem(412, ProblemCode::VersionMismatch);
}

async fn a_foreign_store_does_not_exist(app: TestApp) {
    let store = app.creator("ava").await.store("hers").await;
    let bob = app.creator("bob").await;
    bob.open(store.id).get("").await.problem(404, ProblemCode::NotFound);
    bob.get("/api/v1/stores/nonsense").await.problem(404, ProblemCode::NotFound);
    let listed: Vec<StoreResponse> = bob.get("/api/v1/stores").await.expect(200).json();
    assert_eq!(listed, []);
}
