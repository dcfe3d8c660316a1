//! Notes on customers.

use fanbase_api::clock;
use fanbase_domain::{problem::ProblemCode, wire::notes::NoteResponse};
use fanbase_tests::{Caller as _, TestApp, on_both_databases};
use serde_json::json;

on_both_databases!(
    a_note_is_written_listed_and_deleted,
    a_note_keeps_its_markdown_to_the_last_character,
    wrong_notes_are_told,
    a_note_belongs_to_its_customer,
    notes_go_with_their_customer,
);

async fn a_note_is_written_listed_and_deleted(app: TestApp) {
    let ava = app.creator("ava").await;
    let store = ava.store("s1").await;
    let customer = store.customer("a@x.example").await;
    let path = format!("/customers/{}/notes", customer.id);
    let first: NoteResponse = store.post(&path, &json!({ "text": " One\ntwo " })).await.expect(201).json();
    assert_eq!((first.text.as_str(), first.author_id), ("One\ntwo", Some(ava.user_id)));
    assert_eq!(first.html, "<p>One<br>\ntwo</p>\n");
    let tool = store.seen_by(&store.key(&["fans:write"]).await);
    let second: NoteResponse = tool.post(&path, &json!({ "text": "Tool" })).await.expect(201).json();
    assert_eq!(second.author_id, None);
    let listed: Vec<NoteResponse> = store.get(&path).await.expect(200).json();
    assert_eq!(listed, [second, first.clone()]);
    let _ = store.delete(&format!("{path}/{}", first.id)).await.expect(204);
    store.delete(&format!("{path}/{}", first.id)).await.problem(404, ProblemCode::NotFound);
    let listed: Vec<NoteResponse> = store.get(&path).await.expect(200).json();
    assert_eq!(listed.len(), 1);
}

async fn a_note_keeps_its_markdown_to_the_last_character(app: TestApp) {
    let ava = app.creator("ava").await;
    let store = ava.store("s1").await;
    let customer = store.customer("a@x.example").await;
    let path = format!("/customers/{}/notes", customer.id);
    let start =
        "# Überblick\r\n\n- *eins*  \n\t- zwei 🎧\n\n```\n  let x = \"<b>\";\n```\n\n| a | b |\n|---|---|\n";
    let text = format!("{start}{}", "ä".repeat(20_000 - start.chars().count()));
    let before = clock::now();
    let note: NoteResponse = store.post(&path, &json!({ "text": text })).await.expect(201).json();
    let listed: Vec<NoteResponse> = store.get(&path).await.expect(200).json();
    assert_eq!(listed, [note]);
    assert_eq!((&listed[0].text, listed[0].author_id), (&text, Some(ava.user_id)));
    assert!(listed[0].created_at >= before && listed[0].created_at <= clock::now());
}

async fn wrong_notes_are_told(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let customer = store.customer("a@x.example").await;
    let path = format!("/customers/{}/notes", customer.id);
    let long = "x".repeat(20_001);
    for (text, code) in
        [("", "required"), (" \n", "required"), ("a\u{0}", "control_character"), (&*long, "too_long")]
    {
        store.post(&path, &json!({ "text": text })).await.field_errors(&[("/text", code)]);
    }
    let nobody = format!("/customers/{}/notes", uuid::Uuid::now_v7());
    store.post(&nobody, &json!({ "text": "x" })).await.problem(404, ProblemCode::NotFound);
    store.get(&nobody).await.problem(404, ProblemCode::NotFound);
}

async fn a_note_belongs_to_its_customer(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let (a, b) = (store.customer("a@x.example").await, store.customer("b@x.example").await);
    let path = format!("/customers/{}/notes", a.id);
    let note: NoteResponse = store.post(&path, &json!({ "text": "x" })).await.expect(201).json();
    let other = format!("/customers/{}/notes/{}", b.id, note.id);
    store.delete(&other).await.problem(404, ProblemCode::NotFound);
    let listed: Vec<NoteResponse> = store.get(&path).await.expect(200).json();
    assert_eq!(listed, [note]);
}

async fn notes_go_with_their_customer(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let customer = store.customer("a@x.example").await;
    let path = format!("/customers/{}/notes", customer.id);
    let _ = store.post(&path, &json!({ "text": "x" })).await.expect(201);
    store.delete_customer(&customer).await;
    store.get(&path).await.problem(404, ProblemCode::NotFound);
}
