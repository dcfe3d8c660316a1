//! From contact to account to purchase.

use fanbase_domain::wire::conversion::ConversionResponse;
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use serde_json::json;

on_both_databases!(conversion_is_counted_exactly, nobody_converts_in_an_empty_store);

async fn conversion(store: &Store, query: &str) -> ConversionResponse {
    store.get(&format!("/conversion?{query}")).await.expect(200).json()
}

async fn conversion_is_counted_exactly(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let file = "Email,Type,Date Created\na@x.example,,2024-01-10\nb@x.example,paying,2024-01-20\n\
                c@x.example,,2024-03-01\nd@x.example,subscription,2024-03-02\n";
    store.import("", file).await;
    for account in ["a@x.example", "b@x.example", "z@x.example"] {
        app.db_create_account(account).await;
    }
    let told = conversion(&store, "").await;
    assert_eq!((told.customers, told.with_account, told.bought, told.accounts), (4, 2, 1, 3));
    // Whoever bought without an account is a customer all the same, here as in the list.
    let counts = store.counts("").await;
    assert_eq!((told.paying, told.contacts_to_paying), (counts.paying + counts.subscription, Some(0.5)));
    assert_eq!(told.cohorts.iter().map(|cohort| cohort.paying).sum::<u64>(), told.paying);
    assert_eq!((told.fans_to_accounts, told.accounts_to_customers), (Some(0.5), Some(1.0 / 3.0)));
    let sums = told.cohorts.iter().fold((0, 0, 0), |sums, cohort| {
        (sums.0 + cohort.customers, sums.1 + cohort.with_account, sums.2 + cohort.bought)
    });
    let first = &told.cohorts[0];
    assert_eq!((first.customers, first.with_account, first.bought), (2, 2, 1));
    assert_eq!(sums, (4, 2, 1));
    let _ = store.patch("", &json!({ "shows_accounts": false })).await.expect(200);
    let hidden = conversion(&store, "period=month").await;
    assert_eq!((hidden.accounts, hidden.accounts_to_customers), (2, Some(0.5)));
}

async fn nobody_converts_in_an_empty_store(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let told = conversion(&store, "").await;
    assert_eq!((told.customers, told.fans_to_accounts, told.cohorts.len()), (0, None, 0));
    assert_eq!(told.accounts_to_customers, None);
}
