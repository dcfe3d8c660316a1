//! Events that come at the same moment are written together, and none is in another's way.

use fanbase_domain::problem::ProblemCode;
use fanbase_tests::{Database, TestApp, on_both_databases};
use futures_util::future::join_all;
use sea_orm::ConnectionTrait as _;

use super::{Generation, about, connected, connected_store, deliver, fixture, received};
use crate::facts::standing;

on_both_databases!(
    one_event_that_cannot_be_written_undoes_none_of_the_others,
    an_event_that_comes_many_times_at_once_counts_once,
    whoever_a_request_made_a_customer_is_logged_with_it,
);

const PEOPLE: usize = 40;

/// Makes the database refuse to keep one event.
async fn db_poison(app: &TestApp, event: &str) {
    let when = format!("NEW.external_id = '{event}'");
    let trigger = match app.kind {
        Database::Sqlite => format!(
            "CREATE TRIGGER poison BEFORE INSERT ON webhook_events WHEN {when}
             BEGIN SELECT RAISE(ABORT, 'poisoned'); END"
        ),
        Database::Postgres => format!(
            "CREATE FUNCTION poison() RETURNS trigger AS $$ BEGIN RAISE 'poisoned'; END $$ LANGUAGE plpgsql;
             CREATE TRIGGER poison BEFORE INSERT ON webhook_events FOR EACH ROW WHEN ({when})
             EXECUTE FUNCTION poison()"
        ),
    };
    app.db().write().execute_unprepared(&trigger).await.unwrap();
}

async fn one_event_that_cannot_be_written_undoes_none_of_the_others(app: TestApp) {
    let (store, _) = connected_store(&app).await;
    db_poison(&app, "evt_7_cs_paid").await;
    let events: Vec<_> =
        (0..PEOPLE).map(|n| connected(&about(&fixture(Generation::New, "checkout-payment"), n))).collect();
    let answers = join_all(events.iter().map(|event| deliver(&app, event))).await;
    for (n, answer) in answers.into_iter().enumerate() {
        match n {
            7 => drop(answer.problem(500, ProblemCode::Internal)),
            _ => drop(answer.expect(200)),
        }
    }
    assert_eq!(store.counts("type=paying").await.total, PEOPLE as u64 - 1);
    assert!(store.fans("search=ava7@example.com").await.is_empty());
    store.assert_no_drift().await;
    let drop_trigger = match app.kind {
        Database::Sqlite => "DROP TRIGGER poison",
        Database::Postgres => "DROP TRIGGER poison ON webhook_events",
    };
    app.db().write().execute_unprepared(drop_trigger).await.unwrap();
    let _ = deliver(&app, &events[7]).await.expect(200);
    assert_eq!(standing(&store, "ava7@example.com").await, ("paying".to_owned(), 4_900));
}

async fn an_event_that_comes_many_times_at_once_counts_once(app: TestApp) {
    let (store, admin) = connected_store(&app).await;
    let event = connected(&fixture(Generation::New, "checkout-payment"));
    for answer in join_all((0..PEOPLE).map(|_| deliver(&app, &event))).await {
        let _ = answer.expect(200);
    }
    let kept = received(&admin, "").await;
    assert_eq!((kept.len(), kept[0].attempts), (1, 1));
    assert_eq!(standing(&store, "ava.lindqvist@example.com").await, ("paying".to_owned(), 4_900));
    store.assert_no_drift().await;
}

async fn whoever_a_request_made_a_customer_is_logged_with_it(app: TestApp) {
    let (store, _) = connected_store(&app).await;
    let events: Vec<_> =
        (0..5).map(|n| connected(&about(&fixture(Generation::New, "checkout-payment"), n))).collect();
    let answers = join_all(events.iter().map(|event| deliver(&app, event))).await;
    let mut requests: Vec<String> = answers
        .into_iter()
        .map(|answer| answer.expect(200).header("x-request-id").unwrap().to_owned())
        .collect();
    let mut logged: Vec<String> = store
        .audit_log("action=customer.created")
        .await
        .into_iter()
        .map(|entry| {
            assert_eq!(entry.actor.kind.as_str(), "webhook");
            entry.request_id.unwrap()
        })
        .collect();
    requests.sort();
    logged.sort();
    assert_eq!(requests, logged);
}
