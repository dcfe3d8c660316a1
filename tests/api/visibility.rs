//! A store that does not show accounts which are no customers of it.

use fanbase_domain::{
    problem::ProblemCode,
    wire::{overview::OverviewResponse, stores::StoreResponse},
};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use serde_json::json;

on_both_databases!(a_store_may_hide_accounts_that_are_no_customers);

async fn emails(store: &Store, query: &str) -> Vec<String> {
    store.fans(query).await.into_iter().map(|fan| fan.email).collect()
}

async fn a_store_may_hide_accounts_that_are_no_customers(app: TestApp) {
    let ava = app.creator("ava").await;
    let (store, other) = (ava.store("s1").await, ava.store("s2").await);
    let lead = app.db_create_account("lead@x.example").await;
    let stranger = app.db_create_account("stranger@x.example").await;
    store.customer("lead@x.example").await;
    store.customer("contact@x.example").await;
    assert_eq!((store.counts("").await.user, store.counts("").await.total), (2, 4));
    let hidden: StoreResponse = store.patch("", &json!({ "shows_accounts": false })).await.expect(200).json();
    assert!(!hidden.shows_accounts);
    assert_eq!(emails(&store, "sort=email").await, ["contact@x.example", "lead@x.example"]);
    let none: [&str; 0] = [];
    assert_eq!(emails(&store, "type=user").await, none);
    assert_eq!(emails(&store, "has_account=true").await, ["lead@x.example"]);
    let counts = store.counts("").await;
    assert_eq!((counts.lead, counts.user, counts.total), (2, 0, 2));
    assert_eq!(store.counts("has_account=true").await.total, 1);
    assert_eq!(store.counts("search=x.example").await.total, 2);
    assert!(!store.export().await.contains("stranger"));
    let overview: OverviewResponse = store.get("/overview").await.expect(200).json();
    assert_eq!((overview.by_type.total, overview.growth.last().unwrap().fans), (2, 2));
    store.get(&format!("/fans/{}", stranger.id)).await.problem(404, ProblemCode::NotFound);
    let bulk = json!({ "action": "tag", "tags": ["vip"] });
    let told: serde_json::Value = store.post("/fans/bulk?", &bulk).await.expect(200).json();
    assert_eq!((&told["matched"], &told["skipped_accounts"]), (&json!(2), &json!(0)));
    // Every other store shows what it showed, and the links are what they were.
    assert_eq!(other.counts("").await.user, 3);
    assert_eq!(store.fans("search=lead").await[0].user_id, Some(lead.id));
    let null = store.patch("", &json!({ "shows_accounts": null })).await;
    null.field_errors(&[("/shows_accounts", "required")]);
    let _ = store.patch("", &json!({ "shows_accounts": true })).await.expect(200);
    assert_eq!(store.counts("").await.total, 4);
    let _ = store.get(&format!("/fans/{}", stranger.id)).await.expect(200);
}
