//! Random histories: whatever is imported, edited, deleted and registered, the server agrees with
//! a model in memory that is made of the domain's own rules.

mod history;
mod world;

use fanbase_domain::page::SortColumn;
use fanbase_tests::{Store, TestApp, on_both_databases, reference};
use history::History;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use world::World;

on_both_databases!(
    model_of_the_first_history_agrees,
    model_of_the_second_history_agrees,
    model_of_the_third_history_agrees,
);

const STEPS: usize = 60;
const STEPS_BETWEEN_CHECKS: usize = 5;

const FILTERS: [&str; 8] = [
    "",
    "type=lead",
    "type=user",
    "tag=vip",
    "has_account=true",
    "consent=subscribed&consent=unconfirmed",
    "search=ava",
    "min_score=1",
];

async fn model_of_the_first_history_agrees(app: TestApp) {
    agree(&app, 1).await;
}

async fn model_of_the_second_history_agrees(app: TestApp) {
    agree(&app, 2).await;
}

async fn model_of_the_third_history_agrees(app: TestApp) {
    agree(&app, 3).await;
}

async fn agree(app: &TestApp, seed: u64) {
    let mut rng = StdRng::seed_from_u64(seed);
    let store = app.creator("owner").await.store("model").await;
    let world = World::of(&store.fans("").await);
    let mut history = History::new(app.clone(), store.clone(), world);
    for step in 1..=STEPS {
        history.go_on(&mut rng).await;
        if step % STEPS_BETWEEN_CHECKS == 0 {
            check(&store, history.world(), &mut rng, &format!("history {seed}, step {step}")).await;
        }
    }
}

async fn check(store: &Store, world: &World, rng: &mut StdRng, when: &str) {
    let all = store.fans("").await;
    world.assert_lists(&all, when);
    for filter in FILTERS {
        let column = SortColumn::ALL[rng.random_range(0..SortColumn::ALL.len())];
        let query = format!("{filter}&sort={}{column}", if rng.random() { "-" } else { "" });
        let params = fanbase_api::audience::fans::params::FanParams::parse(&query).unwrap();
        let expected = reference::list(&all, &params.filter, params.sort);
        let listed = store.walk(&query, rng.random_range(1..9)).await.0;
        assert_eq!(reference::emails(&listed), reference::emails(&expected), "{when}: {query}");
        assert_eq!(store.counts(filter).await, reference::counts(&expected), "{when}: {filter}");
    }
    let export = store.export().await;
    let mut reader = csv::Reader::from_reader(export.as_bytes());
    let exported: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let expected = store.fans("sort=created_at").await;
    assert_eq!(exported.len(), expected.len(), "{when}");
    for (row, fan) in exported.iter().zip(&expected) {
        let cells = (&row[0], &row[6], &row[7]);
        let consent = fan.consent.map(|consent| consent.to_string()).unwrap_or_default();
        assert_eq!(cells, (fan.email.as_str(), fan.r#type.as_str(), consent.as_str()), "{when}");
    }
    store.assert_no_drift().await;
}
