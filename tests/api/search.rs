//! What a search finds beside names and addresses as they are written.

use fanbase_tests::{Store, TestApp, on_both_databases};
use serde_json::json;

on_both_databases!(
    capitals_and_final_letters_are_found,
    phone_numbers_are_found_by_their_digits,
    tags_are_found_until_they_are_taken_away,
);

async fn found(store: &Store, search: &str) -> Vec<String> {
    let search: String = search.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let mut found: Vec<String> =
        store.fans(&format!("search={search}&type=lead")).await.into_iter().map(|fan| fan.email).collect();
    assert_eq!(
        store.counts(&format!("search={search}&type=lead")).await.total,
        found.len() as u64,
        "{search}"
    );
    found.sort();
    found
}

async fn capitals_and_final_letters_are_found(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let import =
        store.import("", "Email,First Name\ng1@hunt.example,Γιώργος\ng2@hunt.example,Straße\n").await;
    assert_eq!(import.tally.created, 2);
    for search in ["Γιώργος", "ΓΙΩΡΓΟΣ", "γιωργος", "γιωργοσ"] {
        assert_eq!(found(&store, search).await, ["g1@hunt.example"], "{search}");
    }
    for search in ["STRASSE", "straße", "STRAẞE"] {
        assert_eq!(found(&store, search).await, ["g2@hunt.example"], "{search}");
    }
}

async fn phone_numbers_are_found_by_their_digits(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let ava = store.create_customer(&json!({ "email": "a@x.example", "phone": "+27 82 234 1400" })).await;
    store.create_customer(&json!({ "email": "b@x.example", "phone": "(082) 555-0100" })).await;
    for search in ["+27 82 234 1400", "0822341400", "082 234-1400", "2341400", "0027822341400"] {
        assert_eq!(found(&store, search).await, ["a@x.example"], "{search}");
    }
    assert_eq!(found(&store, "+27825550100").await, ["b@x.example"]);
    assert_eq!(found(&store, "0822341401").await, [""; 0]);
    let _ = store.patch_customer(&ava, &json!({ "phone": "+49 30 123456" })).await.expect(200);
    assert_eq!(found(&store, "0822341400").await, [""; 0]);
    assert_eq!(found(&store, "030 123456").await, ["a@x.example"]);
}

async fn tags_are_found_until_they_are_taken_away(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let ava = store.create_customer(&json!({ "email": "a@x.example", "tags": ["Workshop Größe"] })).await;
    store.create_customer(&json!({ "email": "b@x.example", "tags": ["other"] })).await;
    for search in ["workshop", "WORKSHOP grosse", "rksho"] {
        assert_eq!(found(&store, search).await, ["a@x.example"], "{search}");
    }
    let _ = store.patch_customer(&ava, &json!({ "tags": [] })).await.expect(200);
    assert_eq!(found(&store, "workshop").await, [""; 0]);
    // By how many were found, whatever the plan.
    let rows: String = (0..300).map(|i| format!("p{i}@x.example,workshop berlin\n")).collect();
    store.import("", format!("Email,Tags\n{rows}")).await;
    assert_eq!(found(&store, "berlin").await.len(), 300);
}
