//! The real binary, killed again and again in the middle of events: none that was acknowledged is
//! lost, none counts twice, and all ends as if each had come once and undisturbed.

use std::{sync::Arc, time::Duration};

use fanbase_domain::ids::StoreId;
use fanbase_tests::{
    Api, Caller as _, Creator, Database, Store,
    api::Credential,
    app::{STRIPE_SECRETS, on_database},
    callers::PASSWORD,
    child::Binary,
    database::TestDatabase,
    stripe::{ACCOUNT, Generation, PATH, about, connected, fixture, sign},
};
use futures_util::{StreamExt as _, stream};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use reqwest::Method;
use serde_json::Value;
use tokio::sync::Mutex;

use super::OWNER;
use crate::facts::shuffled::state;

mod crash_and_every_event_that_was_acknowledged_counts_once {
    use fanbase_tests::Database;

    #[test]
    fn sqlite() {
        super::kill_amid_events(Database::Sqlite);
    }

    #[test]
    fn postgres() {
        super::kill_amid_events(Database::Postgres);
    }
}

const PEOPLE: usize = 60;
const KILLS: usize = 6;
/// Requests that run at the same moment.
const AT_ONCE: usize = 32;

/// What happened to everybody, in any order.
fn history(rng: &mut StdRng) -> Vec<Value> {
    let names = [
        "checkout-payment",
        "subscription-created",
        "subscription-active",
        "checkout-subscription",
        "invoice-paid",
        "charge-refunded-in-part",
        "refund-created",
        "subscription-deleted",
    ];
    let all =
        (0..PEOPLE).flat_map(|n| names.map(|name| connected(&about(&fixture(Generation::New, name), n))));
    let mut all: Vec<Value> = all.collect();
    all.shuffle(rng);
    all
}

fn kill_amid_events(kind: Database) {
    on_database(kind, async |database| {
        let mut rng = StdRng::seed_from_u64(1);
        let events = Arc::new(history(&mut rng));
        let (binary, owner, store) = set_up(database).await;
        // Those that were not acknowledged yet; the last is next.
        let left = Arc::new(Mutex::new((0..events.len()).rev().collect::<Vec<_>>()));
        for kill in 1..=KILLS {
            let mut server = binary.serve();
            let api = Api::new(server.address().await, Credential::None);
            // By progress, not by the clock: each kill finds events to come and events on their way.
            let rest = events.len() * (KILLS + 1 - kill) / (KILLS + 1) + rng.random_range(0..10);
            tokio::select! {
                () = deliver_all(&api, &events, &left) => unreachable!("some events are left"),
                () = until_few_are_left(&left, rest) => {}
            }
            server.kill();
        }
        let mut server = binary.serve();
        let address = server.address().await;
        deliver_all(&Api::new(address, Credential::None), &events, &left).await;
        assert!(left.lock().await.is_empty(), "everything was acknowledged in the end");
        let disturbed = state(&owner.at(address).open(store)).await;
        server.kill();
        let recount = binary.run(&["recount", "--store", "store"]);
        assert_eq!(recount["drift"], serde_json::json!({}), "{recount}");
        let other = TestDatabase::create(kind).await;
        let undisturbed = undisturbed(&other, &events).await;
        other.remove().await;
        assert_eq!(disturbed.len(), PEOPLE);
        for (disturbed, undisturbed) in disturbed.iter().zip(&undisturbed) {
            assert_eq!(disturbed, undisturbed);
        }
    });
}

async fn until_few_are_left(left: &Mutex<Vec<usize>>, few: usize) {
    while left.lock().await.len() > few {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Registers the owner of a store that is connected to the account of the events.
async fn set_up(database: &TestDatabase) -> (Binary, Creator, StoreId) {
    let binary = Binary::on(database).with(&["--stripe-webhook-secrets", STRIPE_SECRETS[0]]);
    let _ = binary.run(&["user", "create", "--email", OWNER, "--name", "Owner", "--password", PASSWORD]);
    let store = binary.run(&["store", "create", "--name", "Store", "--slug", "store", "--owner", OWNER]);
    let _ = binary.run(&["store", "connect", "--store", "store", "--stripe-account", ACCOUNT]);
    let mut server = binary.serve();
    let owner = Creator::sign_in(&Api::new(server.address().await, Credential::None), OWNER).await;
    (binary, owner, store["id"].as_str().unwrap().parse().unwrap())
}

/// Delivers what is left, many at the same moment. What was acknowledged is not sent again; what
/// was not is, whether or not it was done.
async fn deliver_all(api: &Api, events: &[Value], left: &Mutex<Vec<usize>>) {
    let wanted = left.lock().await.clone();
    stream::iter(wanted.into_iter().rev())
        .for_each_concurrent(AT_ONCE, |n| async move {
            let body = events[n].to_string();
            let now = fanbase_api::clock::now().millis() / 1000;
            let request = api.request(Method::POST, PATH);
            let request = request.header("stripe-signature", &sign(STRIPE_SECRETS[0], now, &body));
            match request.body("application/json", body).try_send().await {
                Ok(answer) => {
                    let _ = answer.expect(200);
                    left.lock().await.retain(|other| *other != n);
                }
                // The server is gone: the kill ends it.
                Err(_) => std::future::pending().await,
            }
        })
        .await;
}

/// What it comes to when each event comes once, and one after the other.
async fn undisturbed(database: &TestDatabase, events: &[Value]) -> Vec<Value> {
    let (binary, owner, store) = set_up(database).await;
    let mut server = binary.serve();
    let address = server.address().await;
    let api = Api::new(address, Credential::None);
    for n in 0..events.len() {
        deliver_all(&api, events, &Mutex::new(vec![n])).await;
    }
    let store: Store = owner.at(address).open(store);
    let state = state(&store).await;
    server.kill();
    state
}
