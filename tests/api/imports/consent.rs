//! Who may be mailed after an import: by the words, flags and dates of mail services, or by what the
//! importing person answers.

use fanbase_domain::wire::{
    customers::CustomerResponse,
    imports::{ImportPreviewResponse, ImportResponse},
    page::Page,
};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use serde_json::json;

on_both_databases!(
    the_three_files_of_mailchimp_leave_one_subscriber,
    columns_of_the_services_say_who_left,
    without_a_column_the_importing_person_answers,
    words_about_something_else_lower_nothing_and_are_kept,
    a_word_that_is_not_understood_lowers_nothing,
    a_column_that_seems_to_be_about_consent_is_asked_about,
    an_answer_raises_nobody,
);

/// Addresses (without their domain) and consents, by address.
async fn consents(store: &Store) -> Vec<(String, String)> {
    let page: Page<CustomerResponse> = store.get("/customers?sort=email&limit=200").await.expect(200).json();
    let name = |email: &str| email.split('@').next().unwrap_or_default().to_owned();
    page.items.iter().map(|customer| (name(&customer.email), customer.consent.to_string())).collect()
}

fn expected(consents: &[(&str, &str)]) -> Vec<(String, String)> {
    consents.iter().map(|&(name, consent)| (name.to_owned(), consent.to_owned())).collect()
}

async fn codes(store: &Store, import: &ImportResponse) -> Vec<String> {
    store.problems(import.id).await.into_iter().map(|problem| problem.code).collect()
}

async fn the_three_files_of_mailchimp_leave_one_subscriber(app: TestApp) {
    let ava = app.creator("ava").await;
    let files = [
        include_str!("files/mailchimp-subscribed.csv"),
        include_str!("files/mailchimp-unsubscribed.csv"),
        include_str!("files/mailchimp-cleaned.csv"),
    ];
    for (i, (order, query)) in
        [([0, 1, 2], ""), ([2, 1, 0], ""), ([0, 1, 2], "consent=subscribed")].into_iter().enumerate()
    {
        let store = ava.store(&format!("store-{i}")).await;
        for file in order {
            let import = store.import(query, files[file]).await;
            assert_eq!(import.problems, 0, "{:?}", store.problems(import.id).await);
            assert!(import.shape.unwrap().says_consent);
        }
        let left = [
            ("ann", "subscribed"),
            ("bob", "unsubscribed"),
            ("cy", "unsubscribed"),
            ("dee", "bounced"),
            ("eve", "bounced"),
        ];
        assert_eq!(consents(&store).await, expected(&left));
        assert_eq!(store.counts("consent=subscribed").await.total, 1);
        assert_eq!(store.counts("tag=newsletter").await.total, 5);
        store.assert_no_drift().await;
    }
}

async fn columns_of_the_services_say_who_left(app: TestApp) {
    let ava = app.creator("ava").await;
    for (i, (header, left, stayed, of_left, of_stayed)) in [
        ("Unsubscribed from all email", "true", "false", "unsubscribed", "unconfirmed"),
        ("EMAIL_BLACKLISTED", "TRUE", "FALSE", "unsubscribed", "subscribed"),
        ("email_disabled", "1", "0", "unsubscribed", "subscribed"),
        ("HasOptedOutOfEmail", "WAHR", "FALSCH", "unsubscribed", "unconfirmed"),
        ("Do Not Email", "Yes", "No", "unsubscribed", "unconfirmed"),
        ("Opted Out", "x", "", "unsubscribed", "unconfirmed"),
        ("unsubscribed_at", "2024-05-01 10:00:00 UTC", "", "unsubscribed", "unconfirmed"),
        ("Unsubscribe Date", "05/06/2024", "", "unsubscribed", "unconfirmed"),
        ("subscribed_to_emails", "false", "true", "unsubscribed", "subscribed"),
        ("Accepts Email Marketing", "no", "yes", "unconfirmed", "subscribed"),
        ("Email Status", "Opted-out", "Opted-in", "unsubscribed", "subscribed"),
        ("Hard Bounced", "true", "false", "bounced", "unconfirmed"),
        ("Marked as spam", "yes", "no", "complained", "unconfirmed"),
        ("Status", "Blocklisted", "Subscribed", "unsubscribed", "subscribed"),
        ("Abgemeldet am", "2024-05-01", "", "unsubscribed", "unconfirmed"),
        ("Désabonné", "oui", "non", "unsubscribed", "unconfirmed"),
    ]
    .into_iter()
    .enumerate()
    {
        let store = ava.store(&format!("store-{i}")).await;
        let file = format!("Email,{header}\nleft@x.example,{left}\nstayed@x.example,{stayed}\n");
        let import = store.import("", file.clone()).await;
        assert_eq!(import.problems, 0, "{header}: {:?}", store.problems(import.id).await);
        let found = consents(&store).await;
        assert_eq!(found, expected(&[("left", of_left), ("stayed", of_stayed)]), "{header}");
        // The answer does not speak for those who left.
        let store = ava.store(&format!("answered-{i}")).await;
        store.import("consent=subscribed", file).await;
        let found = consents(&store).await;
        assert_eq!(found, expected(&[("left", of_left), ("stayed", "subscribed")]), "{header}");
    }
}

async fn without_a_column_the_importing_person_answers(app: TestApp) {
    let ava = app.creator("ava").await;
    for (i, (query, consent)) in
        [("", "unconfirmed"), ("consent=unconfirmed", "unconfirmed"), ("consent=subscribed", "subscribed")]
            .into_iter()
            .enumerate()
    {
        let store = ava.store(&format!("store-{i}")).await;
        let file = "Email,Name\na@x.example,Ava\n";
        let checked = store.import(&format!("dry_run=true&{query}"), file).await;
        let path = format!("/imports/{}/preview", checked.id);
        let preview: ImportPreviewResponse = store.get(&path).await.expect(200).json();
        assert!(!preview.says_consent && !checked.shape.unwrap().says_consent);
        store.import(query, file).await;
        assert_eq!(consents(&store).await, expected(&[("a", consent)]));
    }
    let store = ava.store("store-wrong").await;
    for wrong in ["maybe", "unsubscribed", ""] {
        let answer = store.send_file(&format!("consent={wrong}"), "Email\na@x.example\n").await;
        answer.field_errors(&[("consent", "unknown_value")]);
    }
}

async fn words_about_something_else_lower_nothing_and_are_kept(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    store.import("consent=subscribed", include_str!("files/crm-before.csv")).await;
    let import = store.import("", include_str!("files/crm-status.csv")).await;
    assert_eq!((import.tally.updated, import.tally.created, import.problems), (2, 1, 0), "{import:?}");
    let after = [("ann", "subscribed"), ("bob", "subscribed"), ("cy", "unconfirmed")];
    assert_eq!(consents(&store).await, expected(&after));
    let page: Page<CustomerResponse> = store.get("/customers?sort=email").await.expect(200).json();
    let ann = serde_json::to_value(&page.items[0].attributes).unwrap();
    assert_eq!(ann, json!({ "status": "Customer", "source": "Instagram ad", "type": "Producer" }));
    assert_eq!(page.items[2].r#type.as_str(), "lead");
}

async fn a_word_that_is_not_understood_lowers_nothing(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    store.import("consent=subscribed", "Email\na@x.example\nb@x.example\n").await;
    // Mapped by hand, the column is consent.
    let mapping = "mapping=%7B%22Status%22%3A%22consent%22%7D&consent=subscribed";
    let import =
        store.import(mapping, "Email,Status\na@x.example,VIP\nb@x.example,bounced\nc@x.example,VIP\n").await;
    assert_eq!(codes(&store, &import).await, ["unknown_status", "unknown_status"]);
    let after = [("a", "subscribed"), ("b", "bounced"), ("c", "unconfirmed")];
    assert_eq!(consents(&store).await, expected(&after));
}

async fn a_column_that_seems_to_be_about_consent_is_asked_about(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for (header, a, b) in [
        ("Mailing permissions", "all", "nothing"),
        ("Status", "Active", "Inactive"),
        ("Status", "Customer", "unsubscribed"),
    ] {
        let file = format!("Email,{header}\na@x.example,{a}\nb@x.example,{b}\n");
        let import = store.import("dry_run=true", file).await;
        assert_eq!(codes(&store, &import).await, ["consent_unclear"], "{header}");
        let path = format!("/imports/{}/preview", import.id);
        let preview: ImportPreviewResponse = store.get(&path).await.expect(200).json();
        assert!(preview.columns[1].unclear_consent && !preview.says_consent, "{preview:?}");
    }
    let file = "Email,Status\na@x.example,Customer\nb@x.example,Unsubscribed\n";
    store.import("consent=subscribed", file).await;
    assert_eq!(consents(&store).await, expected(&[("a", "subscribed"), ("b", "unsubscribed")]));
    // Mapped by hand, it is clear.
    let mapping = "dry_run=true&mapping=%7B%22Mailing%20permissions%22%3A%22attribute%3Apermissions%22%7D";
    let import = store.import(mapping, "Email,Mailing permissions\na@x.example,all\n").await;
    assert_eq!(import.problems, 0);
}

async fn an_answer_raises_nobody(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    for consent in ["unconfirmed", "unsubscribed", "bounced", "complained"] {
        store.create_customer(&json!({ "email": format!("{consent}@x.example"), "consent": consent })).await;
    }
    let before = consents(&store).await;
    let rows: String = before.iter().map(|(name, _)| format!("{name}@x.example\n")).collect();
    store.import("consent=subscribed", format!("Email\n{rows}")).await;
    assert_eq!(consents(&store).await, before);
}
