//! The sample audience, whose outcome is known.

use fanbase_domain::{wire::fans::FanResponse, wire::imports::Severity};
use fanbase_tests::{Caller as _, TestApp, audience, files, on_both_databases};

on_both_databases!(
    the_sample_gives_exactly_what_is_expected_of_it,
    the_same_file_again_changes_nothing,
    a_dry_run_predicts_everything_and_changes_nothing,
    an_undo_restores_exactly_what_was,
    people_who_come_again_in_the_next_batches_hold_up_nothing,
);

const ROWS: u64 = 5_000;
const ACCOUNTS: u64 = 60;

async fn the_sample_gives_exactly_what_is_expected_of_it(app: TestApp) {
    let (store, imported) = audience::sample(&app, ROWS, ACCOUNTS).await;
    let expected = &imported.expected;
    assert_eq!(imported.import.tally, files::tally(expected));
    assert_eq!(store.counts("").await.total, expected.fans());
    for (consent, count) in [
        ("subscribed", expected.by_consent.subscribed),
        ("unsubscribed", expected.by_consent.unsubscribed),
        ("bounced", expected.by_consent.bounced),
        ("unconfirmed", expected.by_consent.unconfirmed),
        ("complained", 0),
    ] {
        assert_eq!(store.counts(&format!("consent={consent}")).await.total, count, "{consent}");
    }
    let linked = store.counts("has_account=true").await;
    assert_eq!(linked.total - linked.user, expected.accounts_linked);
    let problems = store.problems(imported.import.id).await;
    assert_eq!(problems.len() as u64, imported.import.problems);
    let of = |severity: Severity| problems.iter().filter(move |problem| problem.severity == severity);
    assert_eq!(of(Severity::Error).count() as u64, expected.invalid);
    for (code, count) in &expected.warnings {
        let told = of(Severity::Warning).filter(|problem| problem.code == *code).count() as u64;
        assert_eq!(told, *count, "{code}");
    }
    assert!(problems.is_sorted_by_key(|problem| problem.line));
    store.assert_no_drift().await;
}

async fn the_same_file_again_changes_nothing(app: TestApp) {
    let (store, imported) = audience::sample(&app, ROWS, ACCOUNTS).await;
    let before = store.export().await;
    let some: Vec<FanResponse> = store.fans_page("type=lead&limit=20").await.items;
    let mut etags = Vec::new();
    for fan in &some {
        let answer = store.get(&format!("/customers/{}", fan.id)).await.expect(200);
        etags.push((answer.header("etag").unwrap().to_owned(), answer.text()));
    }
    let again = store.import("", imported.file).await;
    let tally = again.tally;
    assert_eq!((tally.created, tally.updated), (0, 0), "{again:?}");
    assert_eq!(tally.unchanged, imported.expected.created);
    assert_eq!(tally.duplicate_in_file, imported.expected.duplicate_in_file);
    assert_eq!(tally.invalid, imported.expected.invalid);
    assert_eq!(store.export().await, before);
    for (fan, (etag, text)) in some.iter().zip(etags) {
        let answer = store.get(&format!("/customers/{}", fan.id)).await.expect(200);
        assert_eq!((answer.header("etag"), answer.text()), (Some(etag.as_str()), text));
    }
    store.assert_no_drift().await;
}

async fn a_dry_run_predicts_everything_and_changes_nothing(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let (half, ..) = files::sample(ROWS / 2, 0, 7);
    store.import("", half).await;
    let (file, ..) = files::sample(ROWS, 0, 7);
    let before = store.export().await;
    let fields: serde_json::Value = store.get("/custom-fields").await.expect(200).json();
    let tags: serde_json::Value = store.get("/tags").await.expect(200).json();
    let predicted = store.import("dry_run=true&add_tag=fresh", file.clone()).await;
    assert_eq!(store.export().await, before);
    assert_eq!(store.get("/custom-fields").await.json::<serde_json::Value>(), fields);
    assert_eq!(store.get("/tags").await.json::<serde_json::Value>(), tags);
    store.assert_no_drift().await;
    let real = store.import("add_tag=fresh", file).await;
    assert_eq!(predicted.tally, real.tally);
    assert_eq!(predicted.kept_unsubscribed, real.kept_unsubscribed);
    assert_eq!(store.problems(predicted.id).await, store.problems(real.id).await);
    assert_eq!(
        store.counts("tag=fresh").await.total,
        real.tally.rows - real.tally.duplicate_in_file - real.tally.invalid
    );
}

async fn an_undo_restores_exactly_what_was(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let (half, ..) = files::sample(ROWS / 2, 0, 7);
    store.import("", half).await;
    let before = store.export().await;
    let (file, ..) = files::sample(ROWS, 0, 7);
    let import = store.import("add_tag=fresh&tags=replace", file.clone()).await;
    assert_ne!(store.export().await, before);
    let undone = store.undo(import.id).await;
    assert_eq!(undone.undo_left, 0, "{:?}", store.problems(import.id).await);
    let after = store.export().await;
    assert_eq!(sorted(&after), sorted(&before));
    assert_eq!(after, before, "the order is that of the ids, which stay");
    store.assert_no_drift().await;
    let again = store.import("add_tag=fresh&tags=replace", file).await;
    assert_eq!(again.tally, import.tally, "as if it had never been");
}

fn sorted(export: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = export.lines().collect();
    lines.sort_unstable();
    lines
}

/// Batches are written a few at a time on PostgreSQL. Those that write the same people, in another
/// order even, must not wait for each other in a circle.
async fn people_who_come_again_in_the_next_batches_hold_up_nothing(app: TestApp) {
    const PEOPLE: usize = 2_000;
    let store = app.creator("ava").await.store("s1").await;
    let mut file = "Email,First Name,Tags\n".to_owned();
    for round in 0..4 {
        for i in 0..PEOPLE {
            let i = if round % 2 == 0 { i } else { PEOPLE - 1 - i };
            file += &format!("p{i}@x.example,Name {round},round {round}\n");
        }
    }
    let people = PEOPLE as u64;
    for (query, created, unchanged) in
        [("dry_run=true", people, 0), ("", people, 0), ("dry_run=true", 0, people), ("", 0, people)]
    {
        let import = store.import(query, file.clone()).await;
        let tally = import.tally;
        assert_eq!((tally.created, tally.unchanged), (created, unchanged), "{query} {tally:?}");
        assert_eq!(tally.duplicate_in_file, 3 * people);
    }
    let fans = store.fans_page("search=p77@x.example").await;
    assert_eq!(fans.items[0].name.as_deref(), Some("Name 3"));
    assert_eq!(fans.items[0].tags.len(), 4);
    store.assert_no_drift().await;
}
