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

use crate::{
    clerk,
    facts::{all_of, customer, report},
};

on_both_databases!(
    whom_it_created_is_gone_and_whom_it_changed_is_as_before,
    what_was_edited_since_stays_and_is_told,
    only_what_the_import_changed_is_put_back,
    only_a_completed_import_is_undone,
    an_undone_import_is_not_undone_again,
    a_fan_whose_customer_is_undone_is_an_account_again,
    an_account_that_appeared_since_is_no_edit,
    customers_that_were_deleted_since_stay_deleted,
    whoever_got_facts_since_stays_with_them,
    an_account_that_moved_since_is_linked_to_whom_the_undo_puts_back,
    a_version_never_comes_back,
    imports_are_undone_one_after_another,
    tags_and_fields_that_only_it_made_go_with_it,
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
    let after = store.get_customer(&before).await;
    assert!(after.version > before.version, "a version is never lowered");
    assert_eq!(CustomerResponse { version: before.version, ..after }, before);
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

async fn whoever_got_facts_since_stays_with_them(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let file = "Email,Created At,Last Activity
e@x.example,2020-01-01,2026-01-01
p@x.example,2020-01-01,2026-01-01
s@x.example,2020-01-01,2026-01-01
n@x.example,2020-01-01,2026-01-01
";
    let import = store.import("", file).await;
    let enrollment = json!({
        "reference": "e1", "customer": {"email": "e@x.example"}, "enrolled_at": "2025-03-01T00:00:00Z",
        "course": {"reference": "free", "title": "First steps"},
    });
    report(&store, "/enrollments", &enrollment).await;
    let purchase = json!({
        "reference": "o1", "customer": {"email": "p@x.example"}, "title": "Free pack",
        "purchased_at": "2025-03-01T00:00:00Z",
    });
    report(&store, "/purchases", &purchase).await;
    let subscription = json!({
        "reference": "s1", "customer": {"email": "s@x.example"}, "status": "canceled",
        "started_at": "2025-03-01T00:00:00Z", "price": {"amount": 900},
    });
    report(&store, "/subscriptions", &subscription).await;
    let undone = store.undo(import.id).await;
    assert_eq!(undone.undo_left, 3);
    assert_eq!(found(&store, "n@x.example").await, None);
    for (email, what) in
        [("e@x.example", "enrollments"), ("p@x.example", "purchases"), ("s@x.example", "subscriptions")]
    {
        let customer = customer(&store, email).await;
        assert_eq!(all_of(&store, &customer, what).await.len(), 1, "{email}");
    }
    store.assert_no_drift().await;
}

async fn an_account_that_moved_since_is_linked_to_whom_the_undo_puts_back(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    store.create_customer(&json!({ "email": "b@x.example", "first_name": "Bob" })).await;
    let import = store.import("", "Email,First Name\na@x.example,Ava\nb@x.example,Bea\n").await;
    clerk::send(&app, &clerk::updated("user_1", 1, Some("a@x.example"))).await;
    clerk::send(&app, &clerk::updated("user_1", 2, Some("b@x.example"))).await;
    store.undo(import.id).await;
    let bob = found(&store, "b@x.example").await.unwrap();
    assert_eq!((bob.r#type.as_str(), bob.user_id.is_some()), ("lead", true));
    assert_eq!(store.fans("search=b@x.example").await.len(), 1, "one person is shown once");
    store.assert_no_drift().await;
}

async fn a_version_never_comes_back(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let bob = store.create_customer(&json!({ "email": "b@x.example", "first_name": "One" })).await;
    let import = store.import("", "Email,First Name\nb@x.example,Two\n").await;
    let imported = store.get_customer(&bob).await;
    store.undo(import.id).await;
    let restored = store.get_customer(&bob).await;
    assert_eq!(restored.first_name.as_deref(), Some("One"));
    assert!(restored.version > imported.version, "{restored:?}");
    let _ = store.patch_customer(&bob, &json!({ "first_name": "Three" })).await.expect(200);
    let stale = store
        .request(Method::PATCH, &format!("/customers/{}", bob.id))
        .header("if-match", &format!("\"v{}\"", imported.version))
        .json(&json!({ "first_name": "Four" }));
    stale.send().await.problem(412, ProblemCode::VersionMismatch);
}

async fn imports_are_undone_one_after_another(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let bob = store.create_customer(&json!({ "email": "b@x.example", "consent": "subscribed" })).await;
    let file = |consent: &str, name: &str| {
        format!("Email,Consent,First Name\na@x.example,subscribed,{name}\nb@x.example,{consent},{name}\n")
    };
    let first = store.import("", file("unsubscribed", "One")).await;
    let second = store.import("", file("bounced", "Two")).await;
    assert_eq!(store.undo(second.id).await.undo_left, 0);
    assert_eq!(store.get_customer(&bob).await.consent.as_str(), "unsubscribed");
    assert_eq!(store.undo(first.id).await.undo_left, 0, "{:?}", store.problems(first.id).await);
    let after = store.get_customer(&bob).await;
    assert_eq!((after.consent.as_str(), after.first_name), ("subscribed", None));
    assert_eq!(found(&store, "a@x.example").await, None);
    store.assert_no_drift().await;
}

async fn tags_and_fields_that_only_it_made_go_with_it(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    store
        .create_customer(&json!({
            "email": "b@x.example", "tags": ["known"], "attributes": {"daw": "Live"},
        }))
        .await;
    let file = "Email,Tags,DAW,Lieblings-Synth,Fan Level\na@x.example,\"known,t1,t2\",Logic,Juno,3\n";
    let import = store.import("", file).await;
    // Somebody else has got one of each since.
    let other = json!({ "email": "c@x.example", "tags": ["t2"], "attributes": {"fan_level": "9"} });
    store.create_customer(&other).await;
    store.undo(import.id).await;
    let tags: Vec<serde_json::Value> = store.get("/tags").await.expect(200).json();
    let tags: Vec<&str> = tags.iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    assert_eq!(tags, ["known", "t2"]);
    let fields: Vec<serde_json::Value> = store.get("/custom-fields").await.expect(200).json();
    let keys: Vec<&str> = fields.iter().map(|field| field["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["daw", "fan_level"]);
}
