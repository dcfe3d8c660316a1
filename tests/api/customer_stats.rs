//! The customers of a store in numbers.

use fanbase_domain::wire::customer_stats::CustomerStatsResponse;
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use serde_json::{Value, json};

on_both_databases!(
    statistics_follow_what_is_bought_and_given_back,
    subscriptions_count_from_their_start_to_their_end,
    currencies_are_never_added_up,
    an_empty_store_has_no_average,
    guests_see_no_money_in_statistics,
);

async fn platform(app: &TestApp) -> (Store, Store) {
    let store = app.creator("ava").await.store("s1").await;
    let key = store.key(&["events:write"]).await;
    let platform = store.seen_by(&key);
    (store, platform)
}

async fn report(platform: &Store, path: &str, body: Value) {
    let _ = platform.post(path, &body).await.expect(201);
}

async fn stats(store: &Store) -> CustomerStatsResponse {
    store.get("/customers/stats").await.expect(200).json()
}

fn order(n: u32, email: &str, amount: i64, currency: &str, at: &str) -> Value {
    json!({
        "reference": format!("o-{n}"), "customer": {"email": email}, "purchased_at": at,
        "product": {"reference": "pack", "title": "Sample pack"},
        "payment": {"amount": amount, "currency": currency},
    })
}

fn subscription(n: u32, at: &str, interval: &str, amount: i64) -> Value {
    json!({
        "reference": format!("s-{n}"), "customer": {"email": format!("s{n}@x.example")}, "status": "active",
        "plan": {"reference": interval, "title": interval}, "started_at": at,
        "price": {"amount": amount, "currency": "USD"}, "interval": interval,
    })
}

/// The first of the month `back` months ago, and the moment an hour after it starts.
fn month(back: u32) -> String {
    let now = chrono::Utc::now().date_naive();
    let first = chrono::Datelike::with_day(&now, 1).unwrap() - chrono::Months::new(back);
    format!("{first}T01:00:00Z")
}

async fn statistics_follow_what_is_bought_and_given_back(app: TestApp) {
    let (store, platform) = platform(&app).await;
    store.import("", "Email,Total Spent\nold@x.example,50\nlead@x.example,\n").await;
    let before = stats(&store).await;
    assert_eq!((before.customers, before.spenders, before.revenue), (2, 1, Some(5000)));
    for (n, email, amount, back) in
        [(1, "a@x.example", 1000, 0), (2, "a@x.example", 2000, 2), (3, "b@x.example", 3001, 13)]
    {
        report(&platform, "/purchases", order(n, email, amount, "USD", &month(back))).await;
    }
    let refund = json!({"reference": "r-1", "payment": "o-2", "amount": 500});
    report(&platform, "/refunds", refund.clone()).await;
    let stats = stats(&store).await;
    assert_eq!((stats.customers, stats.spenders), (4, 3));
    // 50.00 of the import, 10.00 and 15.00, and what was bought before the first period.
    assert_eq!(stats.revenue, Some(5000 + 1000 + 1500 + 3001));
    assert_eq!(stats.average_value, Some(3500));
    let earned: Vec<i64> = stats.over_time.iter().map(|period| period.revenue.unwrap()).collect();
    assert_eq!(earned, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1500, 0, 1000]);
    assert_eq!(stats.over_time[11].customers, 4);
    assert_eq!(stats.over_time[8].customers, 1);
    // The same again changes nothing.
    let _ = platform.post("/refunds", &refund).await.expect(200);
    assert_eq!(self::stats(&store).await, stats);
}

async fn subscriptions_count_from_their_start_to_their_end(app: TestApp) {
    let (store, platform) = platform(&app).await;
    report(&platform, "/subscriptions", subscription(1, &month(5), "month", 1900)).await;
    report(&platform, "/subscriptions", subscription(2, &month(3), "year", 12000)).await;
    report(&platform, "/subscriptions", subscription(3, &month(30), "week", 700)).await;
    let mut ended = subscription(4, &month(4), "month", 900);
    ended["status"] = "canceled".into();
    ended["ended_at"] = month(1).into();
    report(&platform, "/subscriptions", ended).await;
    let mut never = subscription(5, &month(2), "month", 5000);
    never["status"] = "incomplete".into();
    report(&platform, "/subscriptions", never).await;
    let stats = stats(&store).await;
    // 7.00 a week are 365.2425 / 7 / 12 times as much a month.
    let (monthly, yearly, weekly) = (1900, 1000, 3044);
    assert_eq!(stats.active_subscriptions, 3);
    assert_eq!(stats.monthly_recurring_revenue, Some(monthly + yearly + weekly));
    let course: Vec<(u64, i64)> = stats.over_time[5..]
        .iter()
        .map(|period| (period.active_subscriptions, period.monthly_recurring_revenue.unwrap()))
        .collect();
    let expected = [
        (1, weekly),
        (2, weekly + monthly),
        (3, weekly + monthly + 900),
        (4, weekly + monthly + 900 + yearly),
        (4, weekly + monthly + 900 + yearly),
        (3, weekly + monthly + yearly),
        (3, weekly + monthly + yearly),
    ];
    assert_eq!(course, expected);
}

async fn currencies_are_never_added_up(app: TestApp) {
    let (store, platform) = platform(&app).await;
    for (n, amount, currency) in [(1, 1000, "USD"), (2, 700, "EUR"), (3, 300, "EUR"), (4, 5000, "JPY")] {
        report(&platform, "/purchases", order(n, "a@x.example", amount, currency, &month(0))).await;
    }
    let stats = stats(&store).await;
    assert_eq!(stats.revenue, Some(1000));
    let others: Vec<(String, i64)> =
        stats.other_currencies.iter().map(|other| (other.currency.to_string(), other.revenue)).collect();
    assert_eq!(others, [("EUR".to_owned(), 1000), ("JPY".to_owned(), 5000)]);
    assert_eq!(stats.over_time[11].revenue, Some(1000));
}

async fn an_empty_store_has_no_average(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let stats = stats(&store).await;
    assert_eq!((stats.customers, stats.revenue, stats.average_value), (0, Some(0), None));
    assert_eq!(stats.over_time.len(), 12);
}

async fn guests_see_no_money_in_statistics(app: TestApp) {
    let (store, platform) = platform(&app).await;
    report(&platform, "/purchases", order(1, "a@x.example", 1000, "USD", &month(0))).await;
    report(&platform, "/purchases", order(2, "a@x.example", 1000, "EUR", &month(0))).await;
    let guest = store.member(&app, "guest", "SUBACCOUNT_GUEST").await;
    let seen = stats(&store.seen_by(&guest)).await;
    assert_eq!((seen.customers, seen.spenders), (1, 1));
    assert_eq!((seen.revenue, seen.average_value, seen.monthly_recurring_revenue), (None, None, None));
    assert!(seen.other_currencies.is_empty());
    assert!(seen.over_time.iter().all(|period| period.revenue.is_none()));
}
