//! Counting everything anew.

use fanbase_domain::wire::fans::RecountResponse;
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use reqwest::Method;
use sea_orm::ConnectionTrait as _;

on_both_databases!(drift_is_told_for_the_store_and_for_the_platform);

async fn drift_is_told_for_the_store_and_for_the_platform(app: TestApp) {
    let ava = app.creator("ava").await;
    let (store, other) = (ava.store("s1").await, ava.store("s2").await);
    store.customer("a@x.example").await;
    let recount = async |store: &Store| -> RecountResponse {
        store.request(Method::POST, "/fans/recount").send().await.expect(200).json()
    };
    let told = async |store: &Store| {
        let recount = recount(store).await;
        (recount.drift.into_iter().collect::<Vec<_>>(), recount.accounts_drift)
    };
    let db_write = async |sql: &str| app.db().write().execute_unprepared(sql).await.unwrap();
    db_write("UPDATE fan_counts SET n = n + 2 WHERE counter = 'type:lead'").await;
    let drifted = vec![("type:lead".to_owned(), 2)];
    assert_eq!(told(&store).await, (drifted.clone(), 0));
    assert_eq!(told(&store).await, (drifted.clone(), 0), "it is not repaired in silence");
    assert_eq!(told(&other).await, (Vec::new(), 0));
    db_write("INSERT INTO user_counts (slot, with_email) VALUES (99, -1)").await;
    assert_eq!(told(&store).await, (drifted, -1));
    assert_eq!(told(&other).await, (Vec::new(), -1));
    assert_eq!(recount(&store).await.counts.lead, 1, "what is counted is the truth");
}
