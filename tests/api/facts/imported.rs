//! Facts beside imports.

use fanbase_tests::{Caller as _, TestApp, on_both_databases};
use reqwest::Method;
use serde_json::json;

use super::{customer, platform, purchase, report, standing};

on_both_databases!(
    an_imported_customer_keeps_type_and_sum_until_there_is_a_fact_about_money,
    an_import_does_not_overrule_facts,
);

async fn an_imported_customer_keeps_type_and_sum_until_there_is_a_fact_about_money(app: TestApp) {
    let (store, platform) = platform(&app).await;
    store.import("", "Email,Type,Total Spent\nava@x.example,paying,90.00\n").await;
    assert_eq!(standing(&store, "ava@x.example").await, ("paying".to_owned(), 9_000));
    let enrollment = json!({
        "reference": "e1", "customer": {"email": "ava@x.example"},
        "course": {"reference": "free", "title": "First steps"},
    });
    report(&platform, "/enrollments", &enrollment).await;
    assert_eq!(standing(&store, "ava@x.example").await, ("paying".to_owned(), 9_000));
    assert_eq!(customer(&store, "ava@x.example").await.source.as_str(), "csv_import");
    report(&platform, "/purchases", &purchase("o1", "ava@x.example", 500)).await;
    assert_eq!(standing(&store, "ava@x.example").await, ("paying".to_owned(), 500));
    let refund = json!({ "reference": "r1", "payment": "o1", "amount": 500 });
    report(&platform, "/refunds", &refund).await;
    assert_eq!(standing(&store, "ava@x.example").await, ("lead".to_owned(), 0));
    store.assert_no_drift().await;
}

async fn an_import_does_not_overrule_facts(app: TestApp) {
    let (store, platform) = platform(&app).await;
    report(&platform, "/purchases", &purchase("o1", "ava@x.example", 500)).await;
    let file = "Email,Type,Total Spent,First Name\nava@x.example,subscription,90.00,Ava\n";
    let import = store.import("", file).await;
    assert_eq!(import.tally.updated, 1);
    assert_eq!(standing(&store, "ava@x.example").await, ("paying".to_owned(), 500));
    assert_eq!(customer(&store, "ava@x.example").await.name.as_deref(), Some("Ava"));
    let again = store.import("", file).await;
    assert_eq!(again.tally.unchanged, 1, "what it says of money is no change");
    let _ = store.request(Method::POST, &format!("/imports/{}/undo", import.id)).send().await.expect(202);
    store.assert_no_drift().await;
    assert_eq!(standing(&store, "ava@x.example").await, ("paying".to_owned(), 500));
}
