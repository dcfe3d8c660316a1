//! Deliveries that come at the same moment.

use fanbase_tests::{Caller as _, TestApp, on_both_databases};
use futures_util::future::join_all;
use serde_json::json;

use super::{db_account, db_accounts, deleted, deliver, fans, updated};

on_both_databases!(events_of_one_address_at_once_end_as_one_after_another);

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
