//! Facts beside imports.

use fanbase_tests::{TestApp, on_both_databases};
use serde_json::json;

use super::{customer, platform, purchase, report, standing};

on_both_databases!(
    an_imported_customer_keeps_type_and_sum_until_there_is_a_fact_about_money,
    an_imported_sum_counts_where_it_is_more_than_was_tracked,
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
    assert_eq!(standing(&store, "ava@x.example").await, ("paying".to_owned(), 9_500));
    let refund = json!({ "reference": "r1", "payment": "o1", "amount": 500 });
    report(&platform, "/refunds", &refund).await;
    assert_eq!(standing(&store, "ava@x.example").await, ("paying".to_owned(), 9_000));
    store.assert_no_drift().await;
}

async fn an_imported_sum_counts_where_it_is_more_than_was_tracked(app: TestApp) {
    let (store, platform) = platform(&app).await;
    report(&platform, "/purchases", &purchase("o1", "ava@x.example", 500)).await;
    let file = "Email,Type,Total Spent,First Name\nava@x.example,subscription,90.00,Ava\n";
    let import = store.import("", file).await;
    assert_eq!(import.tally.updated, 1);
    assert_eq!(standing(&store, "ava@x.example").await, ("paying".to_owned(), 9_000));
    assert_eq!(customer(&store, "ava@x.example").await.name.as_deref(), Some("Ava"));
    let again = store.import("", file).await;
    assert_eq!(again.tally.unchanged, 1, "the same balance again is no change");
    let less = store.import("", "Email,Total Spent\nava@x.example,1.00\n").await;
    assert_eq!(less.tally.unchanged, 1, "less than was tracked is older");
    store.undo(import.id).await;
    store.assert_no_drift().await;
    assert_eq!(standing(&store, "ava@x.example").await, ("paying".to_owned(), 500));
}
