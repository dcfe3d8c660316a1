//! Ten thousand events, shuffled and each delivered three times, end as they do in their order.

use std::{collections::HashMap, sync::Arc};

use fanbase_tests::{Creator, Store, TestApp, app, database::TestDatabase, on_both_databases_alone};
use futures_util::{StreamExt as _, stream};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use serde_json::Value;
use uuid::Uuid;

use super::{Account, db_accounts, deleted, deliver, event, user};

on_both_databases_alone!(any_order_of_ten_thousand_events_ends_as_the_right_one);

const EVENTS: usize = 10_000;
const USERS: usize = 2_500;
/// Requests that run at the same moment.
const AT_ONCE: usize = 16;

/// Events in their order: accounts come, change, take each other's addresses, and go.
fn history(rng: &mut StdRng) -> Vec<Value> {
    let mut at = 0;
    let mut known = vec![false; USERS];
    (0..EVENTS)
        .map(|_| {
            // Now and then two are of the same moment.
            at += i64::from(rng.random_range(0..10) > 0);
            let n = rng.random_range(0..USERS);
            let id = format!("user_{n}");
            if rng.random_range(0..20) == 0 {
                return deleted(&id, at);
            }
            let kind = if std::mem::replace(&mut known[n], true) { "user.updated" } else { "user.created" };
            let address = match rng.random_range(0..10) {
                0 => None,
                1 => Some(format!("fan{}@x.example", rng.random_range(0..USERS))),
                _ => Some(format!("fan{n}@x.example")),
            };
            event(kind, &user(&id, at, address.as_deref()))
        })
        .collect()
}

/// What must be the same, whatever the order: accounts without our own ids, and per store whom a
/// fan is linked to.
#[derive(Debug, PartialEq, Eq)]
struct State {
    accounts: Vec<Account>,
    fans: Vec<Vec<(String, String, Option<String>)>>,
}

async fn state(app: &TestApp, stores: &[Store]) -> State {
    let mut accounts = db_accounts(app).await;
    let ids: HashMap<Uuid, String> =
        accounts.iter().map(|account| (account.id, account.clerk_id.clone())).collect();
    for account in &mut accounts {
        account.id = Uuid::nil();
    }
    let mut fans = Vec::new();
    for store in stores {
        store.assert_no_drift().await;
        let of_store = store.fans("sort=email").await.into_iter().map(|fan| {
            let account = fan.user_id.and_then(|id| ids.get(&id.uuid()).cloned());
            (fan.email, fan.r#type.to_string(), account)
        });
        fans.push(of_store.collect());
    }
    State { accounts, fans }
}

/// Two stores that know some of the addresses before anybody has an account.
async fn stores(ava: &Creator) -> Vec<Store> {
    let mut stores = Vec::new();
    for (slug, step) in [("s1", 2), ("s2", 3)] {
        let store = ava.store(slug).await;
        let rows: Vec<String> = (0..USERS).step_by(step).map(|n| format!("fan{n}@x.example")).collect();
        store.import("", format!("Email\n{}\n", rows.join("\n"))).await;
        stores.push(store);
    }
    stores
}

async fn end(database: &TestDatabase, events: Vec<(String, Value)>, at_once: usize) -> State {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let events = Arc::new(events);
    app::serve(
        database,
        |_| {},
        async |app| {
            let stores = stores(&app.creator("ava").await).await;
            stream::iter(events.iter())
                .for_each_concurrent(at_once, |(id, event)| {
                    let app = app.clone();
                    async move {
                        let _ = deliver(&app, id, event).await.expect(200);
                    }
                })
                .await;
            sender.send(state(&app, &stores).await).unwrap();
        },
    )
    .await;
    receiver.await.unwrap()
}

async fn any_order_of_ten_thousand_events_ends_as_the_right_one(database: &TestDatabase) {
    let mut rng = StdRng::seed_from_u64(7);
    let history = history(&mut rng);
    let ordered: Vec<(String, Value)> =
        history.into_iter().enumerate().map(|(i, event)| (format!("msg_{i}"), event)).collect();
    let mut shuffled = [ordered.clone(), ordered.clone(), ordered.clone()].concat();
    shuffled.shuffle(&mut rng);
    let other = TestDatabase::create(database.kind).await;
    let (shuffled, ordered) = tokio::join!(end(database, shuffled, AT_ONCE), end(&other, ordered, 1));
    other.remove().await;
    assert_eq!(shuffled.accounts.len(), ordered.accounts.len());
    for (shuffled, ordered) in shuffled.accounts.iter().zip(&ordered.accounts) {
        assert_eq!(shuffled, ordered);
    }
    assert_eq!(shuffled.fans, ordered.fans);
    let linked = ordered.fans[0].iter().filter(|(_, kind, account)| kind != "user" && account.is_some());
    assert!(linked.count() > USERS / 4, "hardly anybody is linked");
}
