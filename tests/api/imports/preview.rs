//! The start of a file, and how long the file is kept.

use fanbase_api::{clock, jobs};
use fanbase_domain::{
    import::refusal::RefusalCode,
    problem::ProblemCode,
    time::Timestamp,
    wire::{
        customers::CustomerResponse,
        imports::{ImportPreviewResponse, ImportResponse},
        page::Page,
    },
};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use reqwest::Method;

on_both_databases!(
    a_file_without_an_email_column_is_shown_so_that_one_can_be_named,
    a_file_without_a_header_is_shown_as_such,
    the_mapping_of_the_import_is_shown,
    a_file_is_shown_and_imported_again_as_it_was_sent,
    a_long_file_is_shown_up_to_whole_rows,
    what_is_no_text_is_told,
    a_file_is_imported_again_once_per_key,
    files_are_forgotten_after_a_day,
);

async fn preview(store: &Store, import: &ImportResponse) -> ImportPreviewResponse {
    store.get(&format!("/imports/{}/preview", import.id)).await.expect(200).json()
}

fn fields(preview: &ImportPreviewResponse) -> Vec<(&str, Option<&str>)> {
    preview.columns.iter().map(|column| (column.name.as_str(), column.field.as_deref())).collect()
}

async fn a_file_without_an_email_column_is_shown_so_that_one_can_be_named(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let refused = store.import_to_its_end("", "Kontakt,First Name\na@x.example,Ava\n,Bob\n").await;
    assert_eq!(refused.error_code, Some(RefusalCode::NoEmailColumn));
    let preview = preview(&store, &refused).await;
    assert!(preview.has_header);
    assert_eq!(
        fields(&preview),
        [("Kontakt", Some("attribute:kontakt")), ("First Name", Some("first_name"))]
    );
    assert_eq!(preview.columns[0].samples, ["a@x.example"]);
    assert_eq!(preview.rows, [["a@x.example", "Ava"], ["", "Bob"]]);
}

async fn a_file_without_a_header_is_shown_as_such(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let refused = store.import_to_its_end("", "a@x.example;Ava\nb@x.example;Bob\n").await;
    assert_eq!(refused.error_code, Some(RefusalCode::NoHeader));
    let preview = preview(&store, &refused).await;
    assert_eq!((preview.has_header, preview.delimiter.as_str()), (false, ";"));
    assert_eq!(fields(&preview), [("Column 1", None), ("Column 2", None)]);
    assert_eq!(preview.rows, [["a@x.example", "Ava"], ["b@x.example", "Bob"]]);
}

async fn the_mapping_of_the_import_is_shown(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let file = "Kontakt,Name,Remarks\na@x.example,Ava,x\n";
    let mapping = "mapping=%7B%22Kontakt%22%3A%22email%22%2C%22Remarks%22%3A%22ignore%22%7D";
    let import = store.import(&format!("dry_run=true&{mapping}"), file).await;
    let shown = preview(&store, &import).await;
    assert_eq!(fields(&shown), [("Kontakt", Some("email")), ("Name", Some("name")), ("Remarks", None)]);
    // One that does not fit is no reason to show nothing.
    let wrong = store.import_to_its_end("mapping=%7B%22Nobody%22%3A%22email%22%7D", file).await;
    assert_eq!(wrong.error_code, Some(RefusalCode::MappingUnknownColumn));
    assert_eq!(fields(&preview(&store, &wrong).await)[1], ("Name", Some("name")));
}

async fn a_file_is_shown_and_imported_again_as_it_was_sent(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let text = "Email,First Name\na@x.example,Zoë\nb@x.example,Émile\n";
    let (windows, ..) = encoding_rs::WINDOWS_1252.encode(text);
    let dry = store.import("dry_run=true", windows.to_vec()).await;
    let shown = preview(&store, &dry).await;
    assert_eq!(
        (shown.encoding.as_str(), shown.columns[1].samples.as_slice()),
        ("windows-1252", &["Zoë".to_owned(), "Émile".to_owned()][..])
    );
    // Taken for something else, the file was rewritten; what was sent is still there.
    let wrong = store.import_to_its_end("encoding=utf-16le", windows.to_vec()).await;
    assert!(wrong.error_code.is_some(), "{wrong:?}");
    let path = format!("/imports/{}/again", wrong.id);
    let queued: ImportResponse = store.request(Method::POST, &path).send().await.expect(202).json();
    assert_eq!(store.finished_import(queued.id).await.tally.created, 2);
    let page: Page<CustomerResponse> = store.get("/customers?sort=email").await.expect(200).json();
    assert_eq!(page.items[0].first_name.as_deref(), Some("Zoë"));
}

async fn a_long_file_is_shown_up_to_whole_rows(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let long = "ü".repeat(500);
    let rows: String = (0..600).map(|i| format!("c{i}@x.example,\"{long}\"\n")).collect();
    let import = store.import("dry_run=true", format!("Email,Story\n{rows}")).await;
    let shown = preview(&store, &import).await;
    assert_eq!(shown.rows.len(), 10);
    assert!(shown.rows.iter().all(|row| row.len() == 2 && row[1].chars().count() == 200), "{shown:?}");
    assert_eq!(shown.columns[1].samples.len(), 1);
    let one = store.import("dry_run=true", format!("Email,Story\na@x.example,{}", "x".repeat(400_000))).await;
    assert_eq!(preview(&store, &one).await.columns.len(), 2);
}

async fn what_is_no_text_is_told(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for file in [Vec::new(), b"\n\n".to_vec(), (0..=255).cycle().take(4_000).collect()] {
        let refused = store.import_to_its_end("", file).await;
        let answer = store.get(&format!("/imports/{}/preview", refused.id)).await;
        answer.problem(422, ProblemCode::InvalidFile);
    }
}

async fn a_file_is_imported_again_once_per_key(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let dry = store.import("dry_run=true", "Email\na@x.example\n").await;
    let again = async |key: &str, query: &str| {
        let path = format!("/imports/{}/again?{query}", dry.id);
        store.request(Method::POST, &path).header("idempotency-key", key).send().await
    };
    let first: ImportResponse = again("k", "file_name=named.csv").await.expect(202).json();
    let second = again("k", "file_name=named.csv").await.expect(202);
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    assert_eq!((second.json::<ImportResponse>().id, first.file_name.as_str()), (first.id, "named.csv"));
    again("k", "dry_run=true").await.problem(422, ProblemCode::IdempotencyKeyReused);
    assert_eq!(store.finished_import(first.id).await.tally.created, 1);
    let all: Page<ImportResponse> = store.get("/imports").await.expect(200).json();
    assert_eq!(all.items.len(), 2);
}

async fn files_are_forgotten_after_a_day(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let dry = store.import("dry_run=true", "Email\na@x.example\n").await;
    let folder = app.data_dir().join("imports");
    let left_behind = folder.join(format!("{}.csv", uuid::Uuid::now_v7()));
    let (ours, foreign) = (folder.join(format!("{}.csv", dry.id)), folder.join("README.csv"));
    for path in [&left_behind, &foreign] {
        std::fs::write(path, "x").unwrap();
    }
    let hour = 60 * 60 * 1000;
    let after = |hours: i64| Timestamp::from_millis(clock::now().millis() + hours * hour);
    jobs::purge_uploads::run(app.db(), app.data_dir(), after(23)).await.unwrap();
    assert!(ours.exists() && left_behind.exists());
    preview(&store, &dry).await;
    jobs::purge_uploads::run(app.db(), app.data_dir(), after(25)).await.unwrap();
    assert!(!ours.exists() && !left_behind.exists() && foreign.exists());
    store.get(&format!("/imports/{}/preview", dry.id)).await.problem(409, ProblemCode::Conflict);
    let again = store.request(Method::POST, &format!("/imports/{}/again", dry.id)).send().await;
    again.problem(409, ProblemCode::Conflict);
    assert_eq!(store.finished_import(dry.id).await.tally.created, 1, "what it said is kept");
}
