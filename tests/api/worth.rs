//! What customers are worth: what was paid, by whom and when, and what is expected.

use std::collections::BTreeMap;

use fanbase_api::db::{is_sqlite, sql::Sql};
use fanbase_domain::{
    money::Currency,
    problem::ProblemCode,
    time::MONTH,
    wire::worth::{CustomerValueResponse, PurchaseMethod, StoreValueResponse, ValueGroupResponse},
};
use fanbase_tests::{Caller as _, Store, TestApp, on_both_databases};
use sea_orm::QueryResult;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::facts::{customer, report};

on_both_databases!(
    a_customer_is_worth_what_the_store_keeps,
    somebody_who_paid_nothing_is_worth_nothing_yet,
    who_does_not_see_money_sees_when_but_not_how_much,
    a_store_that_sold_little_gets_no_prediction,
    a_store_is_worth_what_its_customers_paid_by_source_and_by_cohort,
    a_store_that_sold_enough_gets_a_prediction_that_adds_up,
    subscriptions_are_expected_to_last_as_long_as_those_of_the_store,
    many_payments_are_read_in_pieces,
    a_store_with_many_payments_is_surveyed_before_anybody_asks,
    the_value_of_a_store_is_for_those_who_see_money,
);

async fn value(store: &Store, email: &str) -> CustomerValueResponse {
    let id = customer(store, email).await.id;
    store.get(&format!("/customers/{id}/value")).await.expect(200).json()
}

async fn values(store: &Store, by: &str) -> StoreValueResponse {
    store.get(&format!("/value?by={by}")).await.expect(200).json()
}

fn purchase(reference: &str, email: &str, payment: Value, at: &str) -> Value {
    json!({
        "reference": reference, "customer": {"email": email}, "title": "Pack",
        "payment": payment, "purchased_at": at,
    })
}

async fn buy(store: &Store, reference: &str, email: &str, amount: i64, at: &str) {
    report(store, "/purchases", &purchase(reference, email, json!({ "amount": amount }), at)).await;
}

async fn a_customer_is_worth_what_the_store_keeps(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    buy(&store, "o1", "a@x.example", 4_900, "2025-03-01").await;
    buy(&store, "o2", "a@x.example", 1_000, "2025-05-01").await;
    buy(&store, "o3", "a@x.example", 700, "2025-06-01").await;
    let euros = json!({ "amount": 900, "currency": "EUR" });
    report(&store, "/purchases", &purchase("o4", "a@x.example", euros, "2025-01-01")).await;
    report(&store, "/refunds", &json!({ "reference": "r1", "payment": "o1", "amount": 400 })).await;
    report(&store, "/refunds", &json!({ "reference": "r2", "payment": "o3", "amount": 700 })).await;
    let worth = value(&store, "a@x.example").await;
    assert_eq!((worth.currency.to_string().as_str(), worth.historic), ("USD", Some(5_500)));
    let kept = worth.kept.unwrap().into_iter().map(|kept| (kept.currency.to_string(), kept.amount));
    assert_eq!(kept.collect::<Vec<_>>(), [("EUR".to_owned(), 900), ("USD".to_owned(), 5_500)]);
    // What was given back in full is no payment.
    assert_eq!(worth.payments, 3);
    let times = [worth.first_payment_at, worth.last_payment_at].map(|at| at.unwrap().to_rfc3339().unwrap());
    assert_eq!(times, ["2025-01-01T00:00:00.000Z", "2025-05-01T00:00:00.000Z"]);
    let predicted = worth.predicted.unwrap();
    assert_eq!((predicted.horizon_months, predicted.purchases.days), (12, 2));
    let nobody = format!("/customers/{}/value", uuid::Uuid::now_v7());
    store.get(&nobody).await.problem(404, ProblemCode::NotFound);
}

async fn somebody_who_paid_nothing_is_worth_nothing_yet(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    store.customer("a@x.example").await;
    let worth = value(&store, "a@x.example").await;
    assert_eq!((worth.historic, worth.payments, worth.first_payment_at), (Some(0), 0, None));
    let predicted = worth.predicted.unwrap();
    assert_eq!((predicted.purchases.method, predicted.total), (PurchaseMethod::NothingBought, Some(0)));
    let nothing = values(&store, "source").await;
    assert_eq!((nothing.total.customers, nothing.groups.len()), (0, 0));
    assert_eq!(nothing.method.purchases, PurchaseMethod::NothingBought);
    // What an import says of the past has no payments.
    let _ = store.import("", "Email,Total Spent,Type\nold@x.example,49.00,paying\n").await;
    let worth = value(&store, "old@x.example").await;
    assert_eq!((worth.historic, worth.payments, worth.kept.unwrap().len()), (Some(4_900), 0, 0));
}

async fn who_does_not_see_money_sees_when_but_not_how_much(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    buy(&store, "o1", "a@x.example", 4_900, "2025-03-01").await;
    let guest = store.seen_by(&store.member(&app, "gus", "SUBACCOUNT_GUEST").await);
    let worth = value(&guest, "a@x.example").await;
    assert_eq!((worth.historic, &worth.kept, &worth.predicted), (None, &None, &None));
    assert_eq!((worth.payments, worth.first_payment_at.is_some()), (1, true));
    let key = store.seen_by(&store.key(&["fans:read"]).await);
    assert_eq!(value(&key, "a@x.example").await.historic, Some(4_900));
}

async fn a_store_that_sold_little_gets_no_prediction(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    buy(&store, "o1", "a@x.example", 4_900, "2025-03-01").await;
    buy(&store, "o2", "a@x.example", 4_900, "2025-04-01").await;
    let found = values(&store, "source").await;
    assert_eq!((found.method.purchases, found.method.model), (PurchaseMethod::NotEnoughData, None));
    let there_is = found.method.not_enough.unwrap();
    assert_eq!((there_is.buyers, there_is.repeat_buyers), (1, 1));
    assert_eq!((found.total.predicted.purchases, found.total.predicted.total), (None, None));
    let predicted = value(&store, "a@x.example").await.predicted.unwrap();
    assert_eq!((predicted.purchases.method, predicted.total), (PurchaseMethod::NotEnoughData, None));
    assert_eq!((predicted.purchases.amount, predicted.purchases.expected_days), (None, None));
}

/// Sums of groups as this test makes them, from the payments themselves.
fn expected_months(payments: &[(String, i64, i64)], now: i64) -> BTreeMap<usize, (u64, i64)> {
    let mut first: BTreeMap<&str, i64> = BTreeMap::new();
    for (email, at, _) in payments {
        let known = first.entry(email).or_insert(*at);
        *known = (*known).min(*at);
    }
    let mut months: BTreeMap<usize, (u64, i64)> = BTreeMap::new();
    for start in first.values() {
        for month in 0..usize::try_from((now - start) / MONTH).unwrap() {
            months.entry(month).or_default().0 += 1;
        }
    }
    for (email, at, amount) in payments {
        let start = first[email.as_str()];
        let month = usize::try_from((at - start) / MONTH).unwrap();
        if start + (i64::try_from(month).unwrap() + 1) * MONTH <= now {
            months.entry(month).or_default().1 += amount;
        }
    }
    months
}

fn months_of(group: &ValueGroupResponse) -> BTreeMap<usize, (u64, i64)> {
    let month = |month: &fanbase_domain::wire::worth::ValueMonthResponse| {
        (month.month as usize, (month.customers, month.revenue))
    };
    group.months.iter().map(month).collect()
}

async fn a_store_is_worth_what_its_customers_paid_by_source_and_by_cohort(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    // Known before they bought, so that it is not the purchase that they come from.
    let _ = store.import("", "Email,Date Created\nlisted@x.example,2020-01-01\n").await;
    let mut payments: Vec<(String, i64, i64)> = Vec::new();
    for (i, (email, at, amount)) in [
        ("listed@x.example", "2025-01-31T23:30:00Z", 1_000),
        ("listed@x.example", "2025-02-10T00:00:00Z", 500),
        ("tool@x.example", "2025-01-02T00:00:00Z", 300),
        ("tool@x.example", "2025-08-02T00:00:00Z", 200),
        ("other@x.example", "2025-08-31T00:00:00Z", 50),
    ]
    .into_iter()
    .enumerate()
    {
        buy(&store, &format!("o{i}"), email, amount, at).await;
        let at = fanbase_domain::time::Timestamp::parse(at).unwrap().millis();
        payments.push((email.to_owned(), at, amount));
    }
    let other = json!({ "amount": 77, "currency": "EUR" });
    report(&store, "/purchases", &purchase("eur", "tool@x.example", other, "2024-01-01")).await;
    let by_cohort = values(&store, "cohort").await;
    let now = by_cohort.made_at.millis();
    assert_eq!(by_cohort.currency, Currency::parse("USD").unwrap());
    assert_eq!((by_cohort.total.customers, by_cohort.total.revenue), (3, 2_050));
    let cohorts: Vec<(String, u64, i64)> = by_cohort
        .groups
        .iter()
        .map(|group| (group.starts_at.unwrap().to_rfc3339().unwrap(), group.customers, group.revenue))
        .collect();
    let (january, august) = ("2025-01-01T00:00:00.000Z".to_owned(), "2025-08-01T00:00:00.000Z".to_owned());
    assert_eq!(cohorts, [(january, 2, 2_000), (august, 1, 50)]);
    assert_eq!(months_of(&by_cohort.total), expected_months(&payments, now));
    assert_eq!(months_of(&by_cohort.groups[0]), expected_months(&payments[..4], now));
    let first = &by_cohort.groups[0].months[0];
    assert_eq!((first.customers, first.revenue, first.per_customer), (2, 1_800, 900));
    assert_eq!(by_cohort.groups[0].months[7].per_customer, 1_000);

    let by_source = values(&store, "source").await;
    let sources: Vec<(String, u64, i64)> = by_source
        .groups
        .iter()
        .map(|group| (group.source.unwrap().to_string(), group.customers, group.revenue))
        .collect();
    assert_eq!(sources[0], ("csv_import".to_owned(), 1, 1_500));
    assert_eq!(sources.iter().map(|(_, customers, _)| customers).sum::<u64>(), 3);
    assert_eq!(months_of(&by_source.groups[0]), expected_months(&payments[..2], now));
}

/// 120 people who bought once to four times in the last year and a half.
async fn shop(store: &Store) {
    let now = fanbase_api::clock::now().millis();
    for i in 0..120_i64 {
        let first = now - (30 + i * 4) * 24 * 60 * 60 * 1000;
        for n in 0..=(i % 4).min(i / 30) {
            let at =
                fanbase_domain::time::Timestamp::from_millis(first + n * (20 + i % 7) * 24 * 60 * 60 * 1000);
            if at.millis() < now {
                let (reference, email) = (format!("o{i}-{n}"), format!("p{i}@x.example"));
                buy(store, &reference, &email, 1_000 + 100 * (i % 9), &at.to_rfc3339().unwrap()).await;
            }
        }
    }
}

async fn a_store_that_sold_enough_gets_a_prediction_that_adds_up(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    shop(&store).await;
    let found = values(&store, "cohort").await;
    assert_eq!(found.method.purchases, PurchaseMethod::Models);
    assert_eq!((found.total.customers, found.total.buyers), (120, 120));
    let total = found.total.predicted.total.unwrap();
    let groups: i64 = found.groups.iter().map(|group| group.predicted.total.unwrap()).sum();
    assert!(total > 0 && total.abs_diff(groups) < 20, "{total} and {groups}");
    let mut single = 0;
    for i in 0..120 {
        let predicted = value(&store, &format!("p{i}@x.example")).await.predicted.unwrap();
        assert_eq!(predicted.purchases.method, PurchaseMethod::Models);
        let probability = predicted.purchases.probability_active.unwrap();
        assert!((0.0..=1.0).contains(&probability));
        single += predicted.total.unwrap();
    }
    assert!(total.abs_diff(single) < 120, "{total} and {single}");
}

async fn subscriptions_are_expected_to_last_as_long_as_those_of_the_store(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let subscribe = async |reference: &str, more: Value| {
        let mut request = json!({
            "reference": reference, "customer": {"email": format!("{reference}@x.example")},
            "plan": {"reference": "club", "title": "Club"}, "price": {"amount": 900}, "interval": "month",
            "status": "active", "started_at": "2025-01-01T00:00:00Z",
        });
        for (name, value) in more.as_object().unwrap() {
            request[name] = value.clone();
        }
        report(&store, "/subscriptions", &request).await
    };
    let _ = subscribe("runs", json!({ "payment": {"reference": "p1", "amount": 900} })).await;
    let _ = subscribe("ends", json!({ "cancel_at_period_end": true })).await;
    let predicted = value(&store, "runs@x.example").await.predicted.unwrap();
    let (monthly, churn) = (predicted.subscriptions.monthly, predicted.subscriptions.monthly_churn);
    // Two subscriptions ran for all of the last twelve months, and none ended.
    let expected = 1.0 - (-1.0_f64 / 44.0).exp();
    assert!((churn - expected).abs() < 1e-6, "{churn} and {expected}");
    let rest: f64 = (1..=12).map(|month| 900.0 * (1.0 - churn).powi(month)).sum();
    assert_eq!((monthly, predicted.subscriptions.amount), (900, rest.round() as i64));
    assert_eq!(
        (predicted.purchases.method, predicted.total),
        (PurchaseMethod::NothingBought, Some(rest.round() as i64))
    );
    let ends = value(&store, "ends@x.example").await.predicted.unwrap();
    assert_eq!((ends.subscriptions.monthly, ends.total), (0, Some(0)));
    let found = values(&store, "source").await;
    assert_eq!((found.total.customers, found.total.buyers), (1, 0));
    assert_eq!(found.total.predicted.total, Some(rest.round() as i64));
}

async fn many_payments_are_read_in_pieces(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let mut customers = Vec::new();
    for i in 0..3 {
        customers.push(store.customer(&format!("p{i}@x.example")).await.id.uuid());
    }
    for (n, customer) in [(9_999, customers[0]), (15_000, customers[1]), (2, customers[2])] {
        db_pay(&app, &store, customer, n).await;
    }
    let found = values(&store, "cohort").await;
    assert_eq!((found.total.customers, found.total.revenue), (3, 25_001 * 5));
    assert_eq!((found.total.buyers, found.groups.len()), (3, 1));
    assert_eq!(found.total.months[0].revenue, 25_001 * 5);
}

/// Writes that a customer paid so many times.
async fn db_pay(app: &TestApp, store: &Store, customer: Uuid, times: i64) {
    let db = app.db();
    let id = if is_sqlite(db.read()) { "randomblob(16)" } else { "gen_random_uuid()" };
    let mut sql =
        Sql::new("INSERT INTO payments (store_id, id, customer_id, paid_at, amount, currency, kept)");
    sql.push(" WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ").bind(times);
    sql.push(") SELECT ").bind(store.id.uuid()).push(&format!(", {id}, ")).bind(customer);
    sql.push(", 1600000000000 + n * 1000, 5, 'USD', 5 FROM n");
    sql.execute(db.write()).await.unwrap();
}

async fn a_store_with_many_payments_is_surveyed_before_anybody_asks(app: TestApp) {
    let ava = app.creator("ava").await;
    let (small, large) = (ava.store("s1").await, ava.store("s2").await);
    for (store, times) in [(&small, 20_000), (&large, 20_001)] {
        let customer = store.customer("a@x.example").await.id.uuid();
        db_pay(&app, store, customer, times).await;
    }
    let surveyed = async || {
        let rows =
            Sql::new("SELECT store_id, made_at FROM worth_reports").all(app.db().read()).await.unwrap();
        let row = |row: &QueryResult| -> (Uuid, i64) {
            (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap())
        };
        rows.iter().map(row).collect::<Vec<_>>()
    };
    app.db_survey().await;
    let first = surveyed().await;
    assert_eq!(first.iter().map(|(store, _)| *store).collect::<Vec<_>>(), [large.id.uuid()]);
    app.db_survey().await;
    assert_eq!(surveyed().await, first);
    assert_eq!(values(&large, "source").await.total.revenue, 20_001 * 5);
}

async fn the_value_of_a_store_is_for_those_who_see_money(app: TestApp) {
    let ava = app.creator("ava").await;
    let store = ava.store("s1").await;
    let guest = store.seen_by(&store.member(&app, "gus", "SUBACCOUNT_GUEST").await);
    guest.get("/value").await.problem(403, ProblemCode::Forbidden);
    let user = store.seen_by(&store.member(&app, "ulf", "SUBACCOUNT_USER").await);
    let _ = user.get("/value").await.expect(200);
    let key = store.seen_by(&store.key(&["fans:read"]).await);
    let _ = key.get("/value?by=cohort").await.expect(200);
    let writer = store.seen_by(&store.key(&["fans:write", "events:write"]).await);
    writer.get("/value").await.problem(403, ProblemCode::Forbidden);
    store.get("/value?by=colour").await.field_errors(&[("by", "unknown_value")]);
    store.get("/value?per=month").await.field_errors(&[("per", "unknown_parameter")]);
    // What another store earns is not in it.
    let other = ava.store("s2").await;
    buy(&other, "o1", "a@x.example", 4_900, "2025-03-01").await;
    assert_eq!(values(&store, "source").await.total.customers, 0);
    assert_eq!(values(&other, "source").await.total.revenue, 4_900);
}
