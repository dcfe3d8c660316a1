//! Undoing imports.

use fanbase_domain::{
    problem::ProblemCode,
    wire::{
        customers::CustomerResponse,
        fans::FanResponse,
        imports::{ImportStatus, Severity},
    },
};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use reqwest::Method;
use serde_json::json;

on_both_databases!(
    whom_it_created_is_gone_and_whom_it_changed_is_as_before,
    what_was_edited_since_stays_and_is_told,
    only_what_the_import_changed_is_put_back,
    only_a_completed_import_is_undone,
    an_undone_import_is_not_undone_again,
    a_fan_whose_customer_is_undone_is_an_account_again,
    an_account_that_appeared_since_is_no_edit,
    customers_that_were_deleted_since_stay_deleted,
);

async fn found(store: &Store, email: &str) -> Option<FanResponse> {
    store.fans(&format!("search={email}")).await.into_iter().find(|fan| fan.email.eq_ignore_ascii_case(email))
}

async fn whom_it_created_is_gone_and_whom_it_changed_is_as_before(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let request =
        json!({ "email": "a@x.example", "first_name": "Ava", "tags": ["one"], "consent": "subscribed" });
    let before = store.create_customer(&request).await;
    let file =
        "Email,First Name,Tags,Consent,DAW,Score\na@x.example,Eve,two,bounced,Live,5\nb@x.example,Bob,,,,\n";
    let import = store.import("", file).await;
    assert_eq!((import.tally.created, import.tally.updated), (1, 1));
    let undone = store.undo(import.id).await;
    assert_eq!((undone.undo_left, undone.tally), (0, import.tally));
    assert_eq!(store.get_customer(&before).await, before);
    assert_eq!(found(&store, "b@x.example").await, None);
    store.assert_no_drift().await;
}

async fn what_was_edited_since_stays_and_is_told(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let ava = store.create_customer(&json!({ "email": "a@x.example", "first_name": "Ava" })).await;
    let import = store
        .import("", "Email,First Name,Score\na@x.example,Eve,5\nb@x.example,Bob,\nc@x.example,Cat,\n")
        .await;
    let _ = store.patch_customer(&ava, &json!({ "first_name": "Edited" })).await.expect(200);
    let bob = found(&store, "b@x.example").await.unwrap();
    let _ = store.patch(&format!("/customers/{}", bob.id), &json!({ "alias": "DJ" })).await.expect(200);
    let undone = store.undo(import.id).await;
    assert_eq!(undone.undo_left, 2);
    let problems = store.problems(import.id).await;
    let mut left: Vec<&str> = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Undo)
        .map(|problem| problem.email.as_str())
        .collect();
    left.sort_unstable();
    assert_eq!(left, ["a@x.example", "b@x.example"]);
    let ava: CustomerResponse = store.get_customer(&ava).await;
    assert_eq!((ava.first_name.as_deref(), ava.score), (Some("Edited"), None));
    assert_eq!(found(&store, "b@x.example").await.unwrap().alias.as_deref(), Some("DJ"));
    assert_eq!(found(&store, "c@x.example").await, None);
    store.assert_no_drift().await;
}

async fn only_what_the_import_changed_is_put_back(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let ava = store.create_customer(&json!({ "email": "a@x.example", "tags": ["one"], "score": 1 })).await;
    let import = store.import("", "Email,Tags,Score\na@x.example,two,2\n").await;
    store.import("", "Email,Tags,Score\na@x.example,three,3\n").await;
    store.undo(import.id).await;
    let ava = store.get_customer(&ava).await;
    assert_eq!((ava.tags.len(), ava.score), (2, Some(3)), "{:?}", ava.tags);
    assert!(ava.tags.contains(&"one".to_owned()) && ava.tags.contains(&"three".to_owned()));
}

async fn only_a_completed_import_is_undone(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let dry = store.import("dry_run=true", "Email\na@x.example\n").await;
    let failed = store.import_to_its_end("", "Name\nAva\n").await;
    assert_eq!(failed.status, ImportStatus::Failed);
    for id in [dry.id, failed.id] {
        let answer = store.request(Method::POST, &format!("/imports/{id}/undo")).send().await;
        answer.problem(409, ProblemCode::Conflict);
    }
}

async fn an_undone_import_is_not_undone_again(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let import = store.import("", "Email\na@x.example\n").await;
    let undone = store.undo(import.id).await;
    store.customer("a@x.example").await;
    assert_eq!(store.undo(import.id).await, undone);
    assert_eq!(store.counts("").await.lead, 1);
}

async fn a_fan_whose_customer_is_undone_is_an_account_again(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let user = app.db_create_account("u@x.example").await;
    let import = store.import("", "Email\nu@x.example\n").await;
    assert_eq!(found(&store, "u@x.example").await.unwrap().user_id, Some(user.id));
    store.undo(import.id).await;
    assert_eq!(found(&store, "u@x.example").await.unwrap().r#type.as_str(), "user");
    store.assert_no_drift().await;
}

async fn an_account_that_appeared_since_is_no_edit(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let before = store.create_customer(&json!({ "email": "b@x.example", "consent": "subscribed" })).await;
    let import = store.import("", "Email,Consent,First Name\na@x.example,,\nb@x.example,bounced,Bob\n").await;
    app.db_create_account("a@x.example").await;
    app.db_create_account("b@x.example").await;
    let undone = store.undo(import.id).await;
    assert_eq!(undone.undo_left, 0, "nobody edited anything: {:?}", store.problems(import.id).await);
    assert_eq!(found(&store, "a@x.example").await.unwrap().r#type.as_str(), "user");
    let after = store.get_customer(&before).await;
    assert_eq!((after.consent, after.first_name), (before.consent, None));
    store.assert_no_drift().await;
}

async fn customers_that_were_deleted_since_stay_deleted(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let ava = store.customer("a@x.example").await;
    let import = store.import("", "Email,Score\na@x.example,5\nb@x.example,5\n").await;
    store.delete_customer(&ava).await;
    let undone = store.undo(import.id).await;
    assert_eq!((undone.undo_left, store.counts("").await.lead), (0, 0));
    store.assert_no_drift().await;
}
