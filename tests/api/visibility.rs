//! A store that does not show accounts which are no customers of it.

use fanbase_domain::{
    problem::ProblemCode,
    wire::{admin::PlatformStatsResponse, overview::OverviewResponse, stores::StoreResponse},
};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases, reference};
use serde_json::json;

on_both_databases!(
    staff_are_no_fans_unless_they_are_customers,
    a_store_may_hide_accounts_that_are_no_customers
);

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
    assert_eq!((store.counts("").await.user, store.counts("").await.total), (1, 3));
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
    assert_eq!(other.counts("").await.user, 2);
    assert_eq!(store.fans("search=lead").await[0].user_id, Some(lead.id));
    let null = store.patch("", &json!({ "shows_accounts": null })).await;
    null.field_errors(&[("/shows_accounts", "required")]);
    let _ = store.patch("", &json!({ "shows_accounts": true })).await.expect(200);
    assert_eq!(store.counts("").await.total, 3);
    let _ = store.get(&format!("/fans/{}", stranger.id)).await.expect(200);
}

async fn staff_are_no_fans_unless_they_are_customers(app: TestApp) {
    let (ava, bob) = (app.creator("ava").await, app.creator("bob").await);
    let (admin, store) = (app.admin("root").await, ava.store("s1").await);
    let other = bob.store("s2").await;
    app.db_create_account("fan@x.example").await;
    for store in [&store, &other] {
        assert_eq!(reference::emails(&store.fans("").await), ["fan@x.example"], "no owner and no admin");
        assert_eq!((store.counts("").await.total, store.counts("search=creators").await.total), (1, 0));
        assert_eq!(store.export().await.lines().count(), 2);
        store.assert_no_drift().await;
    }
    store.get(&format!("/fans/{}", admin.user_id)).await.problem(404, ProblemCode::NotFound);
    // Whoever buys is a fan, whatever else they are.
    let _ = store.customer("bob@creators.example").await;
    assert_eq!(store.counts("").await.total, 2);
    assert_eq!(store.counts("has_account=true").await.total, 2);
    assert_eq!(other.counts("").await.total, 1);
    let stats: PlatformStatsResponse = admin.get("/api/v1/admin/stats").await.expect(200).json();
    assert_eq!(stats.fans, 3);
}
