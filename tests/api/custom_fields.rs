//! Labels of what customers have in their attributes.

use fanbase_domain::{
    problem::ProblemCode,
    wire::custom_fields::{CustomFieldResponse, CustomFieldUsageResponse},
};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use serde_json::json;

on_both_databases!(
    a_field_is_created_and_renamed,
    a_field_is_deleted_with_its_values,
    a_key_belongs_to_one_field,
    wrong_labels_are_told,
    attributes_make_their_fields,
    a_renamed_field_is_exported_by_a_header_that_leads_back,
);

async fn fields(store: &Store) -> Vec<(String, String)> {
    let fields: Vec<CustomFieldResponse> = store.get("/custom-fields").await.expect(200).json();
    fields.into_iter().map(|field| (field.key, field.label)).collect()
}

async fn create(store: &Store, label: &str) -> CustomFieldResponse {
    store.post("/custom-fields", &json!({ "label": label })).await.expect(201).json()
}

async fn a_field_is_deleted_with_its_values(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let attributes = json!({ "size": "M", "size_2": "L", "daw": "Live" });
    let ava = store.create_customer(&json!({ "email": "a@x.example", "attributes": attributes })).await;
    store.create_customer(&json!({ "email": "b@x.example", "attributes": { "daw": "Logic" } })).await;
    let all: Vec<CustomFieldResponse> = store.get("/custom-fields").await.expect(200).json();
    let keys: Vec<&str> = all.iter().map(|field| field.key.as_str()).collect();
    assert_eq!(keys, ["daw", "size", "size_2"]);
    for (key, customers) in [("daw", 2), ("size", 1)] {
        let field = all.iter().find(|field| field.key == key).unwrap();
        let path = format!("/custom-fields/{}", field.id);
        let expected = CustomFieldUsageResponse { field: field.clone(), customers };
        assert_eq!(store.get(&path).await.expect(200).json::<CustomFieldUsageResponse>(), expected);
        assert_eq!(store.delete(&path).await.expect(200).json::<CustomFieldUsageResponse>(), expected);
        store.get(&path).await.problem(404, ProblemCode::NotFound);
    }
    let after = store.get_customer(&ava).await;
    assert_eq!(after.attributes.keys().collect::<Vec<_>>(), ["size_2"]);
    assert!(after.version > ava.version);
    assert_eq!(fields(&store).await.len(), 1);
    let log = store.audit_log("action=custom_field.deleted").await;
    assert_eq!(log[0].before.as_ref().unwrap()["customers"], 1);
}

async fn a_field_is_created_and_renamed(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let field = create(&store, " Favourite Plugin ").await;
    assert_eq!((field.key.as_str(), field.label.as_str()), ("favourite_plugin", "Favourite Plugin"));
    let path = format!("/custom-fields/{}", field.id);
    let renamed: CustomFieldResponse =
        store.patch(&path, &json!({ "label": "Synth" })).await.expect(200).json();
    assert_eq!((renamed.key.as_str(), renamed.label.as_str()), ("favourite_plugin", "Synth"));
    assert_eq!(fields(&store).await, [("favourite_plugin".to_owned(), "Synth".to_owned())]);
    let nobody = format!("/custom-fields/{}", uuid::Uuid::now_v7());
    store.patch(&nobody, &json!({ "label": "x" })).await.problem(404, ProblemCode::NotFound);
}

async fn a_key_belongs_to_one_field(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    create(&store, "Favourite Plugin").await;
    let answer = store.post("/custom-fields", &json!({ "label": "favourite-plugin" })).await;
    answer.problem(409, ProblemCode::NameTaken);
}

async fn wrong_labels_are_told(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let long = "x".repeat(201);
    for (label, code) in [
        ("", "label_invalid"),
        ("***", "label_invalid"),
        ("a\u{0}b", "control_character"),
        (&*long, "too_long"),
    ] {
        let answer = store.post("/custom-fields", &json!({ "label": label })).await;
        answer.field_errors(&[("/label", code)]);
    }
    assert_eq!(fields(&store).await, []);
}

async fn attributes_make_their_fields(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    store.create_customer(&json!({ "email": "a@x.example", "attributes": { "shoe_size": "42" } })).await;
    let customer = store.customer("b@x.example").await;
    let _ = store.patch_customer(&customer, &json!({ "attributes": { "hat": "L" } })).await.expect(200);
    let keys: Vec<String> = fields(&store).await.into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["hat", "shoe_size"]);
}

async fn a_renamed_field_is_exported_by_a_header_that_leads_back(app: TestApp) {
    let ava = app.creator("ava").await;
    let (store, copy) = (ava.store("s1").await, ava.store("s2").await);
    store.create_customer(&json!({ "email": "a@x.example", "attributes": { "hat": "L", "one": "1" } })).await;
    let all: Vec<CustomFieldResponse> = store.get("/custom-fields").await.expect(200).json();
    let hat = all.iter().find(|field| field.key == "hat").unwrap();
    // A label that reads like another field's key, and like a column's name.
    for label in ["one", "Email", "Tags", "Hat!"] {
        let _ =
            store.patch(&format!("/custom-fields/{}", hat.id), &json!({ "label": label })).await.expect(200);
        copy.import("", store.export().await).await;
        let fan = copy.fans("type=lead").await.remove(0);
        let attributes = serde_json::to_value(fan.attributes).unwrap();
        assert_eq!(attributes, json!({ "hat": "L", "one": "1" }), "{label}");
    }
}
