//! Looking at a file before it is imported for good.

use fanbase_domain::{
    problem::ProblemCode,
    wire::imports::{ImportPreviewResponse, ImportResponse, ImportStatus},
};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use reqwest::Method;

on_both_databases!(
    the_start_of_a_file_is_shown,
    a_dry_run_becomes_the_import,
    a_refused_file_is_imported_with_another_mapping,
    a_file_that_was_imported_is_not_kept,
);

async fn again(store: &Store, import: &ImportResponse, query: &str) -> ImportResponse {
    let path = format!("/imports/{}/again?{query}", import.id);
    let queued: ImportResponse = store.request(Method::POST, &path).send().await.expect(202).json();
    assert_ne!(queued.id, import.id);
    store.finished_import(queued.id).await
}

async fn the_start_of_a_file_is_shown(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let rows: String = (0..40).map(|i| format!("p{i}@x.example;;Stück {i}\n")).collect();
    let import = store.import("dry_run=true", format!("E-Mail;Name;Lieblingslied\n{rows}")).await;
    let preview: ImportPreviewResponse =
        store.get(&format!("/imports/{}/preview", import.id)).await.expect(200).json();
    assert_eq!((preview.delimiter.as_str(), preview.encoding.as_str()), (";", "utf-8"));
    assert_eq!(preview.rows.len(), 10);
    assert_eq!(preview.rows[1], ["p1@x.example", "", "Stück 1"]);
    let columns: Vec<(&str, Option<&str>, usize)> = preview
        .columns
        .iter()
        .map(|column| (column.name.as_str(), column.field.as_deref(), column.samples.len()))
        .collect();
    assert_eq!(columns[0], ("E-Mail", Some("email"), 5));
    assert_eq!((columns[1].0, columns[1].2), ("Name", 0));
    assert_eq!(columns[2], ("Lieblingslied", Some("attribute:lieblingslied"), 5));
}

async fn a_dry_run_becomes_the_import(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let dry = store.import("dry_run=true", "Email,Name\na@x.example,Ava\nb@x.example,Bob\nnobody,\n").await;
    let ignored = again(&store, &dry, "dry_run=true&mapping=%7B%22Name%22%3A%22ignore%22%7D").await;
    assert_eq!((ignored.status, ignored.tally), (ImportStatus::Completed, dry.tally));
    assert_eq!(store.counts("type=lead").await.total, 0);
    let real = again(&store, &ignored, "add_tag=new").await;
    assert_eq!((real.tally, real.options.dry_run), (dry.tally, false));
    assert_eq!(real.file_name, dry.file_name);
    assert_eq!(store.counts("tag=new").await.total, 2);
    assert_eq!(store.fans("search=bob").await[0].name.as_deref(), Some("Bob"));
    store.assert_no_drift().await;
}

async fn a_refused_file_is_imported_with_another_mapping(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let refused = store.import_to_its_end("", "Kontakt,Name\na@x.example,Ava\n").await;
    assert_eq!(refused.status, ImportStatus::Failed);
    let import = again(&store, &refused, "mapping=%7B%22Kontakt%22%3A%22email%22%7D").await;
    assert_eq!((import.status, import.tally.created), (ImportStatus::Completed, 1));
}

async fn a_file_that_was_imported_is_not_kept(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let import = store.import("", "Email\na@x.example\n").await;
    let path = format!("/imports/{}", import.id);
    store.get(&format!("{path}/preview")).await.problem(409, ProblemCode::Conflict);
    let again = store.request(Method::POST, &format!("{path}/again")).send().await;
    again.problem(409, ProblemCode::Conflict);
    let wrong = store.request(Method::POST, &format!("{path}/again?values=maybe")).send().await;
    wrong.field_errors(&[("values", "unknown_value")]);
}
