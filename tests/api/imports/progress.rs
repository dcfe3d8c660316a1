//! Following imports.

use fanbase_domain::wire::{
    imports::{ImportResponse, ImportStatus},
    page::Page,
};
use fanbase_tests::{Caller as _, TestApp, files, on_both_databases};

on_both_databases!(
    the_stream_of_events_ends_with_the_import,
    imports_are_listed_newest_first,
    other_writers_go_on_while_a_file_is_imported,
);

async fn the_stream_of_events_ends_with_the_import(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let (file, expected, _) = files::sample(5_000, 0, 3);
    let queued: ImportResponse = store.send_file("", file).await.expect(202).json();
    let path = format!("/imports/{}/events", queued.id);
    let events: Vec<ImportResponse> = store.get(&path).await.expect(200).progress();
    assert!(events.is_sorted_by_key(|event| event.tally.rows), "{events:?}");
    let last = events.last().unwrap();
    assert_eq!((last.status, last.tally), (ImportStatus::Completed, files::tally(&expected)));
    let again: Vec<ImportResponse> = store.get(&path).await.expect(200).progress();
    assert_eq!(again, std::slice::from_ref(last), "what is over is told once");
}

async fn imports_are_listed_newest_first(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let mut ids = Vec::new();
    for i in 0..53 {
        let queued: ImportResponse =
            store.send_file("dry_run=true", format!("Email\nc{i}@x.example\n")).await.expect(202).json();
        ids.push(queued.id);
    }
    ids.reverse();
    let first: Page<ImportResponse> = store.get("/imports").await.expect(200).json();
    let cursor = first.next_cursor.unwrap();
    let second: Page<ImportResponse> =
        store.get(&format!("/imports?cursor={cursor}")).await.expect(200).json();
    let listed: Vec<_> = first.items.iter().chain(&second.items).map(|import| import.id).collect();
    assert_eq!((listed, second.next_cursor), (ids.clone(), None));
    for id in ids {
        assert_eq!(store.finished_import(id).await.status, ImportStatus::Completed);
    }
}

async fn other_writers_go_on_while_a_file_is_imported(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let (file, expected, _) = files::sample(10_000, 0, 3);
    let queued: ImportResponse = store.send_file("", file).await.expect(202).json();
    let mut written = 0;
    loop {
        store.customer(&format!("meanwhile{written}@x.example")).await;
        written += 1;
        let import: ImportResponse = store.get(&format!("/imports/{}", queued.id)).await.expect(200).json();
        if import.status.is_final() {
            break;
        }
    }
    let import = store.finished_import(queued.id).await;
    assert_eq!(import.tally, files::tally(&expected));
    assert_eq!(store.counts("").await.lead, expected.created + written);
    store.assert_no_drift().await;
}
