//! Events of many people, shuffled and each delivered up to three times, end as they do in their
//! order delivered once.

use std::sync::Arc;

use fanbase_tests::{Store, TestApp, app, database::TestDatabase, on_both_databases_alone};
use futures_util::{StreamExt as _, stream};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use serde_json::{Value, json};

use super::{Generation, about, connect, connected, deliver, fixture, received};
use crate::facts::{report, shuffled::state};

on_both_databases_alone!(any_order_and_number_of_events_ends_as_the_right_one);

const PEOPLE: usize = 60;
/// Requests that run at the same moment.
const AT_ONCE: usize = 16;

/// What happened to somebody, in its order: some of all that can.
fn story(rng: &mut StdRng, n: usize) -> Vec<Value> {
    let generation = if n % 4 < 2 { Generation::Old } else { Generation::New };
    let mut names = vec!["checkout-payment"];
    let mut add = |rng: &mut StdRng, more: &[&'static str]| {
        let some = rng.random_range(0..=more.len());
        names.extend(&more[..some]);
    };
    add(rng, &["checkout-delayed-succeeded"]);
    if rng.random_range(0..4) > 0 {
        add(rng, &["subscription-created", "subscription-active"]);
        add(rng, &["subscription-leaving", "subscription-deleted"]);
        names.extend(["checkout-subscription", "invoice-paid"]);
        if generation == Generation::New {
            names.push("invoice-payment");
        }
        if rng.random_range(0..3) == 0 {
            names.push("invoice-refunded");
        }
    }
    match rng.random_range(0..5) {
        0 => names.extend(["charge-refunded-in-part", "refund-created", "refund-failed"]),
        1 => names.extend(["refund-created", "charge-refunded-in-part", "charge-refunded"]),
        2 => names.extend(["dispute-created", "dispute-lost"]),
        3 => names.extend(["dispute-created", "dispute-won"]),
        _ => {}
    }
    let of_account = n.is_multiple_of(2);
    names
        .into_iter()
        .map(|name| {
            let mut event = about(&fixture(generation, name), n);
            if of_account {
                return connected(&event);
            }
            // Of the platform's own account, only checkouts of payments name the store.
            if name.starts_with("checkout-payment") || name.starts_with("checkout-delayed") {
                event["data"]["object"]["metadata"]["fanbase_store"] = json!("s1");
            }
            event
        })
        .collect()
}

async fn end(database: &TestDatabase, events: Vec<Value>, at_once: usize) -> Vec<Value> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let events = Arc::new(events);
    app::serve(
        database,
        |_| {},
        async |app: TestApp| {
            let store: Store = app.creator("ava").await.store("s1").await;
            let admin = app.admin("root").await;
            let connection = json!({ "stripe_account": super::ACCOUNT, "takes_platform_events": true });
            connect(&admin, &store, &connection).await;
            report(&store, "/products", &json!({ "reference": "sample-pack", "title": "Sample pack" })).await;
            let gold = json!({ "reference": "gold", "title": "Gold", "stripe_prices": ["price_gold"] });
            report(&store, "/plans", &gold).await;
            stream::iter(events.iter())
                .for_each_concurrent(at_once, |event| {
                    let app = app.clone();
                    async move {
                        let _ = deliver(&app, event).await.expect(200);
                    }
                })
                .await;
            assert_eq!(received(&admin, "status=failed").await, [], "every event found its store");
            sender.send(state(&store).await).unwrap();
        },
    )
    .await;
    receiver.await.unwrap()
}

async fn any_order_and_number_of_events_ends_as_the_right_one(database: &TestDatabase) {
    let mut rng = StdRng::seed_from_u64(3);
    let mut ordered: Vec<Value> = (0..PEOPLE).flat_map(|n| story(&mut rng, n)).collect();
    ordered.sort_by_key(|event| event["created"].as_i64());
    let mut shuffled = ordered.clone();
    for _ in 0..2 {
        shuffled.extend(ordered.iter().filter(|_| rng.random_range(0..2) == 0).cloned().collect::<Vec<_>>());
    }
    shuffled.shuffle(&mut rng);
    let other = TestDatabase::create(database.kind).await;
    let (shuffled, ordered) = tokio::join!(end(database, shuffled, AT_ONCE), end(&other, ordered, 1));
    other.remove().await;
    assert_eq!((shuffled.len(), ordered.len()), (PEOPLE, PEOPLE));
    for (shuffled, ordered) in shuffled.iter().zip(&ordered) {
        assert_eq!(shuffled, ordered);
    }
    for kind in ["lead", "paying", "subscription"] {
        assert!(ordered.iter().any(|customer| customer["type"] == kind), "nobody is a {kind}");
    }
}
