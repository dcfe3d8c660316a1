//! Deliveries that come at the same moment.

use fanbase_api::db::sql::Sql;
use fanbase_tests::{Caller as _, Database, TestApp, on_both_databases, poll};
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use serde_json::{Value, json};

use super::{db_account, db_accounts, deleted, deliver, fans, send, updated};

on_both_databases!(
    events_of_one_address_at_once_end_as_one_after_another,
    what_others_write_to_an_account_during_an_event_stays,
);

async fn events_of_one_address_at_once_end_as_one_after_another(app: TestApp) {
    let ava = app.creator("ava").await;
    let stores = [ava.store("s1").await, ava.store("s2").await, ava.store("s3").await];
    for round in 0..6 {
        let (here, there) = (format!("here{round}@x.example"), format!("there{round}@x.example"));
        // Two stores know the customers before, one gets to know them meanwhile.
        for store in &stores[..2] {
            store.customer(&here).await;
            store.customer(&there).await;
        }
        let ids: Vec<String> = (0..3).map(|i| format!("user_{round}_{i}")).collect();
        // Three accounts pass by one address; the last stays there, the first is deleted.
        let mut events = vec![deleted(&ids[0], 90)];
        for (i, id) in ids.iter().enumerate() {
            let at = i64::try_from(i).unwrap() * 10;
            events.push(updated(id, at + 1, Some(&here)));
            events.push(updated(id, at + 2, Some(&there)));
            events.push(updated(id, at + 3, Some(if i == 2 { &here } else { &there })));
        }
        let deliveries = events.iter().enumerate().flat_map(|(i, event)| {
            // Each comes twice, under one id.
            (0..2).map(move |_| (format!("msg_{round}_{i}"), event.clone()))
        });
        let clients = deliveries.map(|(id, event)| {
            let app = app.clone();
            tokio::spawn(async move {
                let _ = deliver(&app, &id, &event).await.expect(200);
            })
        });
        let creations = [&here, &there].map(|email| {
            let (store, email) = (stores[2].clone(), email.clone());
            tokio::spawn(async move {
                let _ = store.post("/customers", &json!({ "email": email })).await.expect(201);
            })
        });
        for outcome in join_all(clients.chain(creations).collect::<Vec<_>>()).await {
            outcome.unwrap();
        }
        let last = db_account(&app, &ids[2]).await;
        assert_eq!(last.email.as_deref(), Some(here.as_str()));
        assert_eq!(db_account(&app, &ids[1]).await.email.as_deref(), Some(there.as_str()));
        let middle = db_account(&app, &ids[1]).await;
        for (i, store) in stores.iter().enumerate() {
            store.assert_no_drift().await;
            if i < 2 {
                let user = async |email| fans(store, email).await.remove(0).user_id.map(|id| id.uuid());
                assert_eq!((user(&here).await, user(&there).await), (Some(middle.id), Some(last.id)));
            }
        }
    }
    assert_eq!(db_accounts(&app).await.len(), 18);
}

/// A transaction of somebody else changes an account while an event of Clerk is about it; returns once
/// both are done.
async fn db_change_during_an_event(app: &TestApp, change: &str, event: Value) {
    let tx = app.db().write().begin().await.unwrap();
    tx.execute_unprepared(change).await.unwrap();
    let delivery = tokio::spawn({
        let app = app.clone();
        async move {
            let _ = deliver(&app, "msg_race", &event).await.expect(200);
        }
    });
    if app.kind == Database::Postgres {
        // SQLite has one writer: the event cannot have read anything yet.
        poll::until("the event to wait for the other transaction", async || {
            let waits = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted";
            (Sql::new(waits).number(app.db().read()).await.unwrap() > 0).then_some(())
        })
        .await;
    }
    tx.commit().await.unwrap();
    delivery.await.unwrap();
}

async fn what_others_write_to_an_account_during_an_event_stays(app: TestApp) {
    send(&app, &updated("user_1", 1, Some("ava@x.example"))).await;
    let id = db_account(&app, "user_1").await.id;
    let which = match app.kind {
        Database::Sqlite => format!("x'{}'", id.simple()),
        Database::Postgres => format!("'{id}'"),
    };
    let change = format!(
        "UPDATE users SET suspended_at = 5, password_hash = 'new', is_admin = TRUE WHERE id = {which}"
    );
    let mut event = updated("user_1", 9, Some("ava@x.example"));
    event["data"]["first_name"] = json!("Eva");
    db_change_during_an_event(&app, &change, event).await;
    let mut sql = Sql::new(
        "SELECT COUNT(*) FROM users
         WHERE is_admin AND suspended_at = 5 AND password_hash = 'new' AND id = ",
    );
    sql.bind(id);
    assert_eq!(sql.number(app.db().read()).await.unwrap(), 1, "the event took back what was written");
    assert_eq!(db_account(&app, "user_1").await.name.as_deref(), Some("Eva user_1"));
}
