//! Changing many fans at once.

use fanbase_api::db::sql::Sql;
use fanbase_domain::{problem::ProblemCode, wire::bulk::BulkResponse};
use fanbase_tests::{Caller as _, Database, Store, TestApp, on_both_databases, poll};
use sea_orm::TransactionTrait as _;
use serde_json::{Value, json};

on_both_databases!(
    everyone_that_matches_is_tagged_and_untagged,
    the_audit_log_names_who_was_deleted,
    whoever_bought_meanwhile_is_no_longer_deleted_as_a_lead,
    those_who_are_named_are_deleted_and_their_accounts_are_registered_users_again,
    far_more_than_were_seen_are_left_alone,
    more_than_a_batch_is_changed_without_drift,
    wrong_changes_are_told,
);

async fn bulk(store: &Store, filter: &str, request: &Value) -> (u64, u64, u64, u64) {
    let answer = store.post(&format!("/fans/bulk?{filter}"), request).await.expect(200);
    let BulkResponse { matched, changed, unchanged, skipped_accounts } = answer.json();
    (matched, changed, unchanged, skipped_accounts)
}

async fn everyone_that_matches_is_tagged_and_untagged(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let ava = store.create_customer(&json!({ "email": "ava@x.example", "tags": ["VIP"] })).await;
    let bob = store.customer("bob@x.example").await;
    store.customer("eve@y.example").await;
    app.db_create_account("user@x.example").await;
    let tag = json!({ "action": "tag", "tags": ["vip", "New"], "expected": 3 });
    assert_eq!(bulk(&store, "search=x.example", &tag).await, (3, 2, 0, 1));
    assert_eq!(bulk(&store, "search=x.example", &tag).await, (3, 0, 2, 1));
    assert_eq!(store.get_customer(&ava).await.tags, ["New", "VIP"]);
    assert_eq!(store.get_customer(&bob).await.version, bob.version + 1);
    assert_eq!(store.counts("tag=new").await.total, 2);
    let untag = json!({ "action": "untag", "tags": ["NEW", "unknown"] });
    assert_eq!(bulk(&store, "", &untag).await, (4, 2, 1, 1));
    assert_eq!(store.get_customer(&ava).await.tags, ["VIP"]);
    store.assert_no_drift().await;
}

async fn those_who_are_named_are_deleted_and_their_accounts_are_registered_users_again(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let linked = store.customer("linked@x.example").await;
    app.db_create_account("linked@x.example").await;
    let other = store.customer("other@x.example").await;
    store.customer("stays@x.example").await;
    let user = app.db_create_account("user@x.example").await;
    let request = json!({ "action": "delete", "ids": [linked.id, other.id, user.id] });
    assert_eq!(bulk(&store, "", &request).await, (3, 2, 0, 1));
    assert_eq!(bulk(&store, "", &request).await, (1, 0, 0, 1));
    let counts = store.counts("").await;
    assert_eq!((counts.total, counts.lead, counts.user), (3, 1, 2));
    assert_eq!(store.fans("search=other").await.len(), 0);
    store.assert_no_drift().await;
}

async fn the_audit_log_names_who_was_deleted(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let rows: String = (0..250).map(|i| format!("p{i}@x.example\n")).collect();
    store.import("", format!("Email\n{rows}")).await;
    let mut ids: Vec<String> = store.fans("type=lead").await.iter().map(|fan| fan.id.to_string()).collect();
    bulk(&store, "type=lead", &json!({ "action": "delete" })).await;
    let lines = store.audit_log("action=fans.changed").await;
    let mut logged: Vec<String> = Vec::new();
    for line in &lines {
        let after = line.after.as_ref().unwrap();
        let of_line: Vec<String> = serde_json::from_value(after["ids"].clone()).unwrap();
        assert_eq!(after["customers"], of_line.len());
        logged.extend(of_line);
    }
    ids.sort();
    logged.sort();
    assert_eq!(logged, ids);
}

async fn whoever_bought_meanwhile_is_no_longer_deleted_as_a_lead(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let ava = store.customer("ava@x.example").await;
    store.customer("bob@x.example").await;
    // Somebody else is about to make her a paying customer, and has locked her.
    let tx = app.db().write().begin().await.unwrap();
    let mut sql = Sql::new("UPDATE customers SET kind = 'paying' WHERE id = ");
    sql.bind(ava.id.uuid());
    sql.execute(&tx).await.unwrap();
    let deletion = tokio::spawn({
        let store = store.clone();
        async move { bulk(&store, "type=lead", &json!({ "action": "delete" })).await }
    });
    if app.kind == Database::Postgres {
        poll::until("the deletion to wait for the other transaction", async || {
            let waits = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted";
            (Sql::new(waits).number(app.db().read()).await.unwrap() > 0).then_some(())
        })
        .await;
    }
    tx.commit().await.unwrap();
    let (_, changed, ..) = deletion.await.unwrap();
    assert_eq!(changed, 1);
    assert_eq!(store.get_customer(&ava).await.r#type.as_str(), "paying");
}

async fn far_more_than_were_seen_are_left_alone(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    store.customer("a@x.example").await;
    store.customer("b@x.example").await;
    let request = json!({ "action": "delete", "expected": 1 });
    let answer = store.post("/fans/bulk?type=lead", &request).await;
    answer.problem(409, ProblemCode::Conflict);
    assert_eq!(store.counts("type=lead").await.total, 2);
}

async fn more_than_a_batch_is_changed_without_drift(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let rows: String = (0..4_500).map(|i| format!("p{i}@x.example,Person {i}\n")).collect();
    store.import("", format!("Email,Name\n{rows}")).await;
    let tag = json!({ "action": "tag", "tags": ["all"] });
    assert_eq!(bulk(&store, "type=lead", &tag).await, (4_500, 4_500, 0, 0));
    assert_eq!(store.counts("tag=all").await.total, 4_500);
    let delete = json!({ "action": "delete" });
    assert_eq!(bulk(&store, "tag=all&search=person", &delete).await, (4_500, 4_500, 0, 0));
    assert_eq!(store.counts("type=lead").await.total, 0);
    assert_eq!(store.fans("search=person").await.len(), 0);
    store.assert_no_drift().await;
}

async fn wrong_changes_are_told(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let untag = json!({ "action": "untag" });
    store.post("/fans/bulk", &untag).await.field_errors(&[("/tags", "required")]);
    let delete = json!({ "action": "delete" });
    store.post("/fans/bulk?limit=5", &delete).await.field_errors(&[("limit", "unknown_parameter")]);
    store.post("/fans/bulk?type=nobody", &delete).await.field_errors(&[("type", "unknown_value")]);
}
