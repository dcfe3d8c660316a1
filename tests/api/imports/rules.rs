//! What an import makes of its rows.

use fanbase_domain::{
    consent::Consent, customer::AttributeValue, source::Source, wire::customers::CustomerResponse,
    wire::page::Page,
};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use serde_json::json;

on_both_databases!(
    a_row_becomes_a_customer,
    blanks_never_erase_and_later_values_win,
    with_the_policy_fill_only_blanks_are_filled,
    with_the_policy_replace_the_rows_tags_are_the_tags,
    consent_never_goes_up,
    the_type_never_goes_down,
    one_bad_row_does_not_stop_the_others,
    a_zero_byte_in_one_row_does_not_stop_the_others,
    columns_are_mapped_by_hand,
    unknown_columns_become_custom_fields,
    everyone_in_the_file_gets_the_tag,
    rows_of_one_address_become_one_customer,
);

async fn all(store: &Store) -> Vec<CustomerResponse> {
    let page: Page<CustomerResponse> = store.get("/customers?sort=email&limit=200").await.expect(200).json();
    page.items
}

async fn one(store: &Store) -> CustomerResponse {
    let mut customers = all(store).await;
    assert_eq!(customers.len(), 1, "{customers:?}");
    customers.remove(0)
}

async fn a_row_becomes_a_customer(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let file = "Email,First Name,Last Name,Tags,Score,*DAW,Status,Date Created,Total Spent\r\n\
                Ava@X.example,Ava,Lind,\"vip,edm\",12,||Live||Reaper||,2,2024-05-01 10:00:00,12.50\r\n";
    let import = store.import("file_name=my%20contacts.csv", file).await;
    assert_eq!((import.tally.rows, import.tally.created), (1, 1));
    assert_eq!(import.file_name, "my contacts.csv");
    let ava = one(&store).await;
    assert_eq!((ava.email.as_str(), ava.name.as_deref()), ("Ava@X.example", Some("Ava Lind")));
    assert_eq!((ava.tags.len(), ava.score, ava.total_spent), (2, Some(12), Some(1250)));
    assert_eq!(ava.consent, Consent::Unsubscribed);
    assert_eq!(ava.attributes["daw"], AttributeValue::List(vec!["Live".to_owned(), "Reaper".to_owned()]));
    assert!(matches!(ava.source, Source::CsvImport | Source::ActivecampaignImport));
}

async fn blanks_never_erase_and_later_values_win(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    store.import("", "Email,First Name,Last Name,DAW\na@x.example,Ava,Lind,Live\n").await;
    let import = store.import("", "Email,First Name,Last Name,DAW\nA@X.example,,Berg,\n").await;
    assert_eq!(import.tally.updated, 1);
    let ava = one(&store).await;
    assert_eq!((ava.name.as_deref(), ava.version), (Some("Ava Berg"), 2));
    assert_eq!(ava.attributes["daw"], AttributeValue::Text("Live".to_owned()));
}

async fn with_the_policy_fill_only_blanks_are_filled(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    store.import("", "Email,First Name,Score\na@x.example,Ava,\n").await;
    store.import("values=fill", "Email,First Name,Score\na@x.example,Eve,5\n").await;
    let ava = one(&store).await;
    assert_eq!((ava.first_name.as_deref(), ava.score), (Some("Ava"), Some(5)));
}

async fn with_the_policy_replace_the_rows_tags_are_the_tags(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    store.import("", "Email,Tags\na@x.example,\"one,two\"\n").await;
    store.import("", "Email,Tags\na@x.example,three\n").await;
    assert_eq!(one(&store).await.tags.len(), 3);
    store.import("tags=replace", "Email,Tags\na@x.example,\n").await;
    assert_eq!(one(&store).await.tags.len(), 3, "a blank erases nothing");
    store.import("tags=replace", "Email,Tags\na@x.example,\"TWO,four\"\n").await;
    assert_eq!(one(&store).await.tags, ["four", "two"]);
}

async fn consent_never_goes_up(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for (i, consent) in Consent::ALL.into_iter().enumerate() {
        let email = format!("c{i}@x.example");
        store.create_customer(&json!({ "email": email, "consent": consent })).await;
    }
    let before = all(&store).await;
    let mut file = "Email,Consent\n".to_owned();
    for i in 0..before.len() {
        file.push_str(&format!("c{i}@x.example,subscribed\n"));
    }
    let import = store.import("", file).await;
    assert_eq!(import.tally.unchanged, before.len() as u64, "{import:?}");
    assert_eq!(import.kept_unsubscribed, before.len() as u64 - 1);
    assert_eq!(all(&store).await, before);
    let lower =
        "Email,Consent\nc0@x.example,unsubscribed\nc3@x.example,unsubscribed\nc0@x.example,subscribed\n";
    store.import("", lower).await;
    let after = all(&store).await;
    assert_eq!((after[0].consent, after[3].consent), (Consent::Unsubscribed, before[3].consent));
    store.assert_no_drift().await;
}

async fn the_type_never_goes_down(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for kind in ["paying", "lead", "subscription", "paying", "user", ""] {
        store.import("", format!("Email,Type\na@x.example,{kind}\n")).await;
    }
    assert_eq!(one(&store).await.r#type.as_str(), "subscription");
    store.assert_no_drift().await;
}

async fn one_bad_row_does_not_stop_the_others(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let file = "Email,Name\na@x.example,Ava\nnobody,Bob\n,Cat\nd@x.example,Dan,extra\n\
                e@x.example\nf@x.example,a\u{7}b\ng@x.example,Gus\n";
    let import = store.import("", file).await;
    assert_eq!((import.tally.rows, import.tally.created, import.tally.invalid), (7, 3, 4));
    let problems = store.problems(import.id).await;
    let told: Vec<(u64, &str, &str)> = problems
        .iter()
        .map(|problem| (problem.line, problem.email.as_str(), problem.code.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (3, "nobody", "email_invalid"),
            (4, "", "email_missing"),
            (5, "d@x.example", "too_many_cells"),
            (6, "e@x.example", "short_row"),
            (7, "f@x.example", "control_character"),
        ]
    );
}

async fn a_zero_byte_in_one_row_does_not_stop_the_others(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let mut file = "Email,Name\n".to_owned();
    for i in 0..100 {
        file.push_str(&format!("c{i}@x.example,{}\n", if i == 50 { "a\u{0}b" } else { "ab" }));
    }
    let import = store.import("", file).await;
    assert_eq!((import.tally.created, import.tally.invalid), (99, 1));
}

async fn columns_are_mapped_by_hand(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let mapping = "mapping=%7B%22Kontakt%22%3A%22email%22%2C%22Email%22%3A%22ignore%22%2C%22X%22%3A%22attribute%3Alevel%22%7D";
    store.import(mapping, "Kontakt,Email,X,First Name\na@x.example,b@x.example,pro,Ava\n").await;
    let ava = one(&store).await;
    assert_eq!((ava.email.as_str(), ava.first_name.as_deref()), ("a@x.example", Some("Ava")));
    assert_eq!(ava.attributes.keys().collect::<Vec<_>>(), ["level"]);
}

async fn unknown_columns_become_custom_fields(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    store.import("", "Email,Favourite Plugin,Ünïcode Fïeld\na@x.example,Serum,yes\n").await;
    let fields: Vec<serde_json::Value> = store.get("/custom-fields").await.expect(200).json();
    assert!(fields.iter().any(|field| field["label"] == "Favourite Plugin"), "{fields:?}");
    assert_eq!(fields.len(), 2);
    assert_eq!(one(&store).await.attributes.len(), 2);
}

async fn everyone_in_the_file_gets_the_tag(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    store.import("add_tag=spring&add_tag=2026", "Email,Tags\na@x.example,vip\nb@x.example,\n").await;
    assert_eq!(store.counts("tag=spring").await.lead, 2);
    assert_eq!(store.counts("tag=2026").await.lead, 2);
    let answer = store.send_file("add_tag=ok&add_tag=%20", "Email\na@x.example\n").await;
    answer.field_errors(&[("add_tags/1", "tag_blank")]);
}

async fn rows_of_one_address_become_one_customer(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let file = "Email,First Name,Tags,Date Created\na@x.example,Ava,one,2024-03-01\nb@x.example,Bob,,\n\
                A@X.EXAMPLE.,,two,2024-01-01\n a@x.example ,Eve,,2025-01-01\n";
    let import = store.import("", file).await;
    assert_eq!((import.tally.created, import.tally.duplicate_in_file), (2, 2));
    let ava = &all(&store).await[0];
    assert_eq!((ava.first_name.as_deref(), ava.tags.len(), ava.version), (Some("Eve"), 2, 1));
    assert_eq!(serde_json::to_value(ava.created_at).unwrap(), json!("2024-01-01T00:00:00.000Z"));
}
