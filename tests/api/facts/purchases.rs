//! Purchases, payments and refunds.

use fanbase_domain::problem::ProblemCode;
use fanbase_tests::{Caller as _, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{all_of, customer, kinds, platform, purchase, report, standing};

on_both_databases!(
    the_same_once_more_is_the_same_and_another_is_refused,
    a_refund_may_come_before_its_payment,
    payments_in_other_currencies_are_kept_and_not_added_up,
    yen_have_no_minor_unit,
    what_is_wrong_is_told_by_field,
    a_long_list_is_paged,
);

async fn the_same_once_more_is_the_same_and_another_is_refused(app: TestApp) {
    let (store, platform) = platform(&app).await;
    let body = purchase("o1", "ava@x.example", 500);
    let first = report(&platform, "/purchases", &body).await;
    let before = (customer(&store, "ava@x.example").await, store.audit_log("").await.len());
    for _ in 0..2 {
        let again: Value = platform.post("/purchases", &body).await.expect(200).json();
        assert_eq!(again, first);
    }
    for other in [
        purchase("o1", "bob@x.example", 500),
        purchase("o1", "ava@x.example", 501),
        json!({ "reference": "o1", "customer": {"email": "ava@x.example"}, "title": "Something else" }),
    ] {
        platform.post("/purchases", &other).await.problem(409, ProblemCode::Conflict);
    }
    let refund = json!({ "reference": "r1", "payment": "o1", "amount": 100 });
    let first = report(&platform, "/refunds", &refund).await;
    let again: Value = platform.post("/refunds", &refund).await.expect(200).json();
    assert_eq!(again, first);
    let other = json!({ "reference": "r1", "payment": "o1", "amount": 101 });
    platform.post("/refunds", &other).await.problem(409, ProblemCode::Conflict);
    let after = customer(&store, "ava@x.example").await;
    assert_eq!(after.version, before.0.version + 1, "by the refund alone");
    assert_eq!(store.audit_log("").await.len(), before.1 + 1);
    assert_eq!(store.counts("").await.paying, 1);
    store.assert_no_drift().await;
}

async fn a_refund_may_come_before_its_payment(app: TestApp) {
    let (store, platform) = platform(&app).await;
    let refund = json!({ "reference": "r1", "payment": "o1", "amount": 500 });
    report(&platform, "/refunds", &refund).await;
    assert_eq!(store.counts("").await.total, 0);
    report(&platform, "/purchases", &purchase("o1", "ava@x.example", 500)).await;
    assert_eq!(standing(&store, "ava@x.example").await, ("lead".to_owned(), 0));
    let mut kinds = kinds(&store, "ava@x.example").await;
    kinds.sort();
    assert_eq!(kinds, ["paid", "purchased", "refunded"]);
    store.assert_no_drift().await;
}

async fn payments_in_other_currencies_are_kept_and_not_added_up(app: TestApp) {
    let (store, platform) = platform(&app).await;
    let mut euros = purchase("o1", "ava@x.example", 700);
    euros["payment"]["currency"] = json!("eur");
    report(&platform, "/purchases", &euros).await;
    assert_eq!(standing(&store, "ava@x.example").await, ("paying".to_owned(), 0));
    report(&platform, "/purchases", &purchase("o2", "ava@x.example", 300)).await;
    assert_eq!(standing(&store, "ava@x.example").await, ("paying".to_owned(), 300));
    let payments = all_of(&store, &customer(&store, "ava@x.example").await, "payments").await;
    let mut paid: Vec<String> = payments.iter().map(|payment| payment["paid"].to_string()).collect();
    paid.sort();
    assert_eq!(paid, [r#"{"amount":300,"currency":"USD"}"#, r#"{"amount":700,"currency":"EUR"}"#]);
}

async fn yen_have_no_minor_unit(app: TestApp) {
    let ava = app.creator("ava").await;
    let request = json!({ "name": "Tokyo", "slug": "tokyo", "currency": "JPY" });
    let made: Value = ava.post("/api/v1/stores", &request).await.expect(201).json();
    let store = ava.open(made["id"].as_str().unwrap().parse().unwrap());
    report(&store, "/purchases", &purchase("o1", "ava@x.example", 1_200)).await;
    assert_eq!(standing(&store, "ava@x.example").await, ("paying".to_owned(), 1_200));
    assert!(store.export().await.contains(",1200,"), "{}", store.export().await);
    let refund = json!({ "reference": "r1", "payment": "o1", "amount": 200 });
    report(&store, "/refunds", &refund).await;
    assert_eq!(standing(&store, "ava@x.example").await, ("paying".to_owned(), 1_000));
}

async fn what_is_wrong_is_told_by_field(app: TestApp) {
    let (_, platform) = platform(&app).await;
    let bad = json!({
        "reference": "o1", "customer": {"email": "a@x.example"}, "payment": {"amount": 1, "currency": "XX"},
        "product": {"reference": "p"}, "course": {"reference": ""},
    });
    platform.post("/purchases", &bad).await.field_errors(&[
        ("/course", "too_many"),
        ("/course/reference", "required"),
        ("/payment/currency", "currency_invalid"),
    ]);
    let unknown =
        json!({ "reference": "o1", "customer": {"email": "a@x.example"}, "product": {"reference": "p"} });
    platform.post("/purchases", &unknown).await.field_errors(&[("/product/reference", "unknown_reference")]);
    let nothing = json!({ "reference": "r1", "payment": "o1", "amount": 0 });
    platform.post("/refunds", &nothing).await.field_errors(&[("/amount", "out_of_range")]);
    let float = json!({ "reference": "r1", "payment": "o1", "amount": 1.5 });
    platform.post("/refunds", &float).await.problem(400, ProblemCode::MalformedRequest);
}

async fn a_long_list_is_paged(app: TestApp) {
    let (store, platform) = platform(&app).await;
    for i in 0..53 {
        let mut body = purchase(&format!("o{i}"), "ava@x.example", 1);
        body["purchased_at"] = json!("2026-01-01T00:00:00Z");
        report(&platform, "/purchases", &body).await;
    }
    let ava = customer(&store, "ava@x.example").await;
    for what in ["purchases", "payments"] {
        let path = format!("/customers/{}/{what}", ava.id);
        let first: Value = store.get(&path).await.expect(200).json();
        let next = format!("{path}?cursor={}", first["next_cursor"].as_str().unwrap());
        let second: Value = store.get(&next).await.expect(200).json();
        let ids = |page: &Value| -> Vec<String> {
            page["items"].as_array().unwrap().iter().map(|item| item["id"].to_string()).collect()
        };
        let mut all = [ids(&first), ids(&second)].concat();
        assert_eq!((all.len(), &second["next_cursor"]), (53, &Value::Null));
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 53);
        store.get(&format!("{path}?cursor=x")).await.problem(400, ProblemCode::InvalidCursor);
    }
    assert_eq!(standing(&store, "ava@x.example").await, ("paying".to_owned(), 53));
}
