//! Five thousand reports, shuffled and some of them repeated, end as they do in their order.

use std::sync::Arc;

use fanbase_tests::{Caller as _, Store, TestApp, app, database::TestDatabase, on_both_databases_alone};
use futures_util::{StreamExt as _, stream};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use serde_json::{Value, json};

use super::{all_of, customer, report, timeline};

on_both_databases_alone!(any_order_of_five_thousand_reports_ends_as_the_right_one);

const REPORTS: usize = 5_000;
const PEOPLE: usize = 300;
/// Requests that run at the same moment.
const AT_ONCE: usize = 16;

/// A report: where it goes, and what it says. Every one says as of when it is.
type Report = (&'static str, Value);

fn time(seconds: i64) -> Value {
    let at = fanbase_domain::time::Timestamp::from_millis(1_790_000_000_000 + seconds * 1_000);
    json!(at.to_rfc3339().unwrap())
}

fn history(rng: &mut StdRng) -> Vec<Report> {
    let mut reports = Vec::with_capacity(REPORTS);
    for i in 0..REPORTS {
        let at = i64::try_from(i).unwrap() / 2;
        let n = rng.random_range(0..PEOPLE);
        let who = json!({ "email": format!("fan{n}@x.example") });
        reports.push(match rng.random_range(0..10) {
            0..3 => {
                let course = rng.random_range(0..3);
                let body = json!({
                    "reference": format!("e{n}-{course}"), "customer": who,
                    "course": {"reference": format!("course{course}")}, "enrolled_at": time(at),
                    "progress": rng.random_range(0..=10) * 10, "accessed_at": time(at), "as_of": time(at),
                });
                ("/enrollments", body)
            }
            3..6 => {
                let body = json!({
                    "reference": format!("o{i}"), "customer": who, "product": {"reference": "pack"},
                    "payment": {"amount": rng.random_range(0..50) * 100}, "purchased_at": time(at),
                });
                ("/purchases", body)
            }
            6..8 => {
                // Of a payment that was, or one that never comes.
                let payment = rng.random_range(0..=i);
                let body = json!({
                    "reference": format!("r{i}"), "payment": format!("o{payment}"),
                    "amount": rng.random_range(1..=30) * 100, "refunded_at": time(at),
                });
                ("/refunds", body)
            }
            _ => {
                let status = ["trialing", "active", "active", "past_due", "unpaid", "canceled"];
                let status = status[rng.random_range(0..status.len())];
                let body = json!({
                    "reference": format!("s{n}-{}", rng.random_range(0..2)), "customer": who,
                    "plan": {"reference": "gold"}, "status": status, "started_at": time(at / 100),
                    "ended_at": (status == "canceled").then(|| time(at)), "as_of": time(at),
                });
                ("/subscriptions", body)
            }
        });
    }
    reports
}

/// What must be the same, whatever the order: everybody with all they have, without our own ids.
pub(crate) async fn state(store: &Store) -> Vec<Value> {
    store.assert_no_drift().await;
    let mut state = Vec::new();
    for fan in store.fans("sort=email&type=lead&type=paying&type=subscription").await {
        let customer = customer(store, &fan.email).await;
        let mut all = serde_json::to_value(&customer).unwrap();
        for what in ["enrollments", "purchases", "payments", "subscriptions"] {
            all[what] = json!(all_of(store, &customer, what).await);
        }
        let mut lines = timeline(store, &fan.email).await;
        lines.sort();
        all["timeline"] = json!(lines);
        strip(&mut all);
        state.push(all);
    }
    state
}

/// Takes out what differs from run to run, and the order of what is of the same moment.
fn strip(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|name, _| !name.ends_with("_id") && !["id", "version"].contains(&name.as_str()));
            map.values_mut().for_each(strip);
        }
        Value::Array(values) => {
            values.iter_mut().for_each(strip);
            values.sort_by_key(ToString::to_string);
        }
        _ => {}
    }
}

async fn end(database: &TestDatabase, reports: Vec<Report>, at_once: usize) -> Vec<Value> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let reports = Arc::new(reports);
    app::serve(
        database,
        |_| {},
        async |app: TestApp| {
            let store = app.creator("ava").await.store("s1").await;
            for n in 0..3 {
                let course = json!({ "reference": format!("course{n}"), "title": format!("Course {n}") });
                report(&store, "/courses", &course).await;
            }
            report(&store, "/products", &json!({ "reference": "pack", "title": "Sample pack" })).await;
            report(&store, "/plans", &json!({ "reference": "gold", "title": "Gold" })).await;
            stream::iter(reports.iter())
                .for_each_concurrent(at_once, |(path, body)| {
                    let store = store.clone();
                    async move {
                        let answer = store.post(path, body).await;
                        assert!([200, 201].contains(&answer.status), "{body}: {}", answer.text());
                    }
                })
                .await;
            sender.send(state(&store).await).unwrap();
        },
    )
    .await;
    receiver.await.unwrap()
}

async fn any_order_of_five_thousand_reports_ends_as_the_right_one(database: &TestDatabase) {
    let mut rng = StdRng::seed_from_u64(5);
    let ordered = history(&mut rng);
    let mut shuffled = ordered.clone();
    shuffled.extend(ordered.iter().filter(|_| rng.random_range(0..4) == 0).cloned().collect::<Vec<_>>());
    shuffled.shuffle(&mut rng);
    let other = TestDatabase::create(database.kind).await;
    let (shuffled, ordered) = tokio::join!(end(database, shuffled, AT_ONCE), end(&other, ordered, 1));
    other.remove().await;
    assert_eq!(shuffled.len(), ordered.len());
    for (shuffled, ordered) in shuffled.iter().zip(&ordered) {
        assert_eq!(shuffled, ordered);
    }
    for kind in ["lead", "paying", "subscription"] {
        assert!(ordered.iter().any(|customer| customer["type"] == kind), "nobody is a {kind}");
    }
}
