//! Exports: for spreadsheets, in the order and with the columns that are asked for.

use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use serde_json::json;

on_both_databases!(
    an_export_for_a_spreadsheet_begins_with_a_mark_and_is_read_back,
    an_export_has_the_order_and_the_columns_that_are_asked_for,
    wrong_layouts_are_told,
);

async fn export(store: &Store, query: &str) -> Vec<u8> {
    store.get(&format!("/fans/export?{query}")).await.expect(200).body
}

async fn an_export_for_a_spreadsheet_begins_with_a_mark_and_is_read_back(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let file = "Email,First Name,Tags\nzoe@hunt.example,Zoë,Größe\ntaro@hunt.example,太郎,\n";
    store.import("", file).await;
    let (with, without) = (export(&store, "bom=true&type=lead").await, export(&store, "type=lead").await);
    assert_eq!(with.strip_prefix(b"\xEF\xBB\xBF"), Some(without.as_slice()));
    assert!(!without.starts_with(b"\xEF\xBB\xBF"));
    for file in [with, without] {
        assert_eq!(store.import("", file).await.tally.unchanged, 2);
    }
}

async fn an_export_has_the_order_and_the_columns_that_are_asked_for(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for (email, score, daw) in
        [("a@x.example", Some(1), "Live"), ("b@x.example", None, "=1+1"), ("c@x.example", Some(7), "Bitwig")]
    {
        let attributes = json!({ "daw": daw });
        store.create_customer(&json!({ "email": email, "score": score, "attributes": attributes })).await;
    }
    let text = String::from_utf8(export(&store, "type=lead&sort=-score&columns=attributes.daw,email").await)
        .unwrap();
    assert_eq!(text, "DAW,Email\r\nBitwig,c@x.example\r\nLive,a@x.example\r\n'=1+1,b@x.example\r\n");
    let text = String::from_utf8(export(&store, "type=lead&columns=score").await).unwrap();
    assert_eq!(text, "Score\r\n1\r\n\"\"\r\n7\r\n");
    let text = String::from_utf8(export(&store, "type=lead&columns=email&sort=-email").await).unwrap();
    assert_eq!(text, "Email\r\nc@x.example\r\nb@x.example\r\na@x.example\r\n");
}

async fn wrong_layouts_are_told(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let answer = store.get("/fans/export?sort=height&columns=email,height&bom=perhaps&limit=5").await;
    answer.field_errors(&[
        ("sort", "sort_unknown"),
        ("columns", "unknown_value"),
        ("bom", "invalid"),
        ("limit", "unknown_parameter"),
    ]);
}
