//! Customers of subscriptions.

use fanbase_api::db::sql::Sql;
use fanbase_tests::{TestApp, on_both_databases};
use uuid::Uuid;

use super::{backfill, numbers, problems};
use crate::facts::{customer, kinds, standing};

on_both_databases!(subscriptions_get_the_customers_that_they_are_about);

async fn db_subscribe(app: &TestApp, store: fanbase_domain::ids::StoreId, email: Option<&str>, status: &str) {
    let mut sql = Sql::new(
        "INSERT INTO subscriptions (store_id, id, reference, title, told_at, status, started_at, amount,
             currency, period, period_count, email) VALUES (",
    );
    let id = Uuid::now_v7();
    sql.bind(store.uuid()).push(", ").bind(id).push(", ").bind(id.to_string()).push(", 'Gold', ");
    sql.bind(1_700_000_500_000_i64).push(", ").bind(status).push(", ").bind(1_700_000_000_000_i64);
    sql.push(", 900, 'USD', 'month', 1, ").bind(email).push(")");
    sql.execute(app.db().write()).await.unwrap();
}

async fn subscriptions_get_the_customers_that_they_are_about(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let fan = app.db_create_account("fan@x.example").await;
    for (email, status) in [
        (Some("ada@x.example"), "active"),
        (Some("bob@x.example"), "canceled"),
        (Some("fan@x.example"), "trialing"),
        (Some("ada@x.example"), "canceled"),
        (None, "active"),
    ] {
        db_subscribe(&app, store.id, email, status).await;
    }
    let dry = backfill(&store, "subscriptions", true).await;
    let done = backfill(&store, "subscriptions", false).await;
    assert_eq!((numbers(&dry), numbers(&done)), ([5, 3, 1, 1], [5, 3, 1, 1]));
    assert_eq!(problems(&store, &done).await[0].1, "no_address");
    assert_eq!(standing(&store, "ada@x.example").await, ("subscription".to_owned(), 0));
    assert_eq!(standing(&store, "bob@x.example").await, ("lead".to_owned(), 0));
    let of_fan = customer(&store, "fan@x.example").await;
    assert_eq!((of_fan.user_id, of_fan.source.as_str()), (Some(fan.id), "subscription"));
    assert_eq!(of_fan.source_detail.as_deref(), Some("Gold"));
    assert_eq!(kinds(&store, "bob@x.example").await, ["subscribed", "subscription_ended"]);
    store.assert_no_drift().await;
}
