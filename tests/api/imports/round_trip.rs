//! An export that is imported gives the same audience.

use std::collections::BTreeMap;

use fanbase_domain::wire::fans::FanResponse;
use fanbase_tests::{Caller as _, Store, TestApp, audience, on_both_databases};
use serde_json::{Value, json};

on_both_databases!(
    an_export_imports_to_the_same_audience,
    an_export_imports_to_its_own_store_unchanged,
    cells_that_a_spreadsheet_would_run_are_made_safe_and_come_back,
    odd_values_come_back_as_they_were,
    fields_that_are_named_like_columns_come_back,
    a_field_that_services_use_for_consent_unsubscribes_nobody,
);

/// What is to survive, by address. Links differ: an account has one customer in each store.
async fn people(store: &Store) -> BTreeMap<String, Value> {
    let of = |fan: FanResponse| {
        let mut tags = fan.tags.clone();
        tags.sort();
        let value = json!({
            "type": fan.r#type, "name": fan.name, "alias": fan.alias, "source": fan.source,
            "source_detail": fan.source_detail, "consent": fan.consent, "status": fan.status, "tags": tags,
            "attributes": fan.attributes, "total_spent": fan.total_spent, "score": fan.score,
            "created_at": fan.created_at, "last_activity_at": fan.last_activity_at,
            "has_account": fan.has_account,
        });
        (fan.email.clone(), value)
    };
    store.fans("").await.into_iter().map(of).collect()
}

/// Exports a store, and imports that into another one.
async fn copy(app: &TestApp, store: &Store) -> Store {
    let copy = app.creator("copier").await.store("copy").await;
    let import = copy.import("", store.export().await).await;
    assert_eq!(import.tally.invalid, 0, "{:?}", copy.problems(import.id).await);
    assert_eq!(import.problems, 0, "{:?}", copy.problems(import.id).await);
    copy
}

async fn assert_same_people(store: &Store, copy: &Store) {
    // The copier has an account that was not there when the export was made.
    let (mut expected, mut found) = (people(store).await, people(copy).await);
    expected.remove("copier@creators.example");
    found.remove("copier@creators.example");
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (email, person) in &expected {
        assert_eq!(&found[email], person, "{email}");
    }
}

async fn an_export_imports_to_the_same_audience(app: TestApp) {
    let store = audience::of_every_kind(&app, 60, 21).await;
    let copy = copy(&app, &store).await;
    assert_same_people(&store, &copy).await;
    copy.assert_no_drift().await;
}

async fn an_export_imports_to_its_own_store_unchanged(app: TestApp) {
    let (store, imported) = audience::sample(&app, 2_000, 40).await;
    let before = store.export().await;
    let import = store.import("", before.clone()).await;
    let tally = import.tally;
    assert_eq!((tally.created, tally.updated, tally.invalid), (0, 0, 0), "{import:?}");
    assert_eq!(tally.unchanged, imported.expected.fans(), "{import:?}");
    assert_eq!(store.export().await, before);
}

async fn cells_that_a_spreadsheet_would_run_are_made_safe_and_come_back(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let odd = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''x", "\r=1", "|cmd", "%0A=1", "+46 70 123"];
    for (i, text) in odd.iter().enumerate() {
        let request = json!({
            "email": format!("c{i}@x.example"), "first_name": text, "alias": text, "phone": text, "tags": [text],
            "attributes": { "daw": text, "genres": [text, "x"] },
        });
        store.create_customer(&request).await;
    }
    let export = store.export().await;
    let mut reader = csv::Reader::from_reader(export.as_bytes());
    for cell in
        reader.records().map(Result::unwrap).flat_map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>())
    {
        let number = cell.parse::<f64>().is_ok();
        assert!(number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?} would be run");
    }
    let copy = copy(&app, &store).await;
    assert_same_people(&store, &copy).await;
}

async fn odd_values_come_back_as_they_were(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let odd =
        ["a,b", "a;b", "\"", "say \"hi\"", "two\nlines", "a||b", "||", "a|b", "null", "0", "İstanbul", "ß"];
    for (i, text) in odd.iter().enumerate() {
        let request = json!({
            "email": format!("c{i}@x.example"), "first_name": text, "last_name": text, "alias": text,
            "tags": [text.replace('\n', " "), "plain".to_owned()], "attributes": { "daw": text, "list_name": text, "one": [text], "two": [text, text] },
        });
        store.create_customer(&request).await;
    }
    let copy = copy(&app, &store).await;
    assert_same_people(&store, &copy).await;
}

async fn a_field_that_services_use_for_consent_unsubscribes_nobody(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let fields = [
        ("list_name", "Excluded"),
        ("email_blacklisted", "1"),
        ("status", "Unsubscribed"),
        ("subscription_status", "2"),
        ("has_account", "yes"),
        ("optin_time", "2001-01-01"),
    ];
    for (i, (key, value)) in fields.iter().enumerate() {
        let request = json!({ "email": format!("c{i}@x.example"), "consent": "subscribed", "attributes": { *key: value } });
        store.create_customer(&request).await;
    }
    let copy = copy(&app, &store).await;
    assert_same_people(&store, &copy).await;
    let again = store.import("", store.export().await).await;
    assert_eq!((again.tally.created, again.tally.updated), (0, 0), "{again:?}");
}

async fn fields_that_are_named_like_columns_come_back(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for (i, key) in
        ["email", "name", "tags", "score", "status", "type", "created_at", "list_name"].iter().enumerate()
    {
        let request = json!({ "email": format!("c{i}@x.example"), "attributes": { *key: "mine" } });
        let answer = store.post("/customers", &request).await;
        assert!(matches!(answer.status, 201 | 422), "{key}: {} {}", answer.status, answer.text());
    }
    let _ = store.get("/custom-fields").await.expect(200);
    let copy = copy(&app, &store).await;
    assert_same_people(&store, &copy).await;
}
