//! A fan from the first free course to the last refund, as a platform tells it.

use fanbase_tests::{Caller as _, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{all_of, customer, fan, platform, report, standing, timeline};

on_both_databases!(
    a_fan_learns_buys_subscribes_leaves_and_gets_money_back,
    who_has_an_account_is_linked_and_takes_name_and_picture_from_it,
    a_guest_sees_no_money,
    a_deleted_customer_takes_their_facts_along,
);

async fn a_fan_learns_buys_subscribes_leaves_and_gets_money_back(app: TestApp) {
    let (store, platform) = platform(&app).await;
    let ava = "ava@x.example";
    let enrolled = report(
        &platform,
        "/enrollments",
        &json!({
            "reference": "e1", "customer": {"email": ava, "first_name": "Ava", "last_name": "Lind"},
            "course": {"reference": "free", "title": "First steps"}, "enrolled_at": "2026-01-01T10:00:00Z",
        }),
    )
    .await;
    let lead = customer(&store, ava).await;
    assert_eq!(
        (lead.r#type.as_str(), lead.total_spent, lead.name.as_deref()),
        ("lead", Some(0), Some("Ava Lind"))
    );
    assert_eq!(
        (lead.source.as_str(), lead.source_detail.as_deref()),
        ("course_enrollment", Some("First steps"))
    );
    assert_eq!(lead.created_at.to_rfc3339().unwrap(), "2026-01-01T10:00:00.000Z");
    assert_eq!(lead.consent.as_str(), "unconfirmed");
    store.assert_no_drift().await;

    let path = format!("/enrollments/{}", enrolled["id"].as_str().unwrap());
    for (progress, at) in [(40, "2026-01-02T10:00:00Z"), (100, "2026-01-03T10:00:00Z")] {
        let done: Value =
            platform.patch(&path, &json!({ "progress": progress, "as_of": at })).await.expect(200).json();
        assert_eq!(done["progress"], progress);
    }

    let bought = json!({
        "reference": "o1", "customer": {"email": ava}, "product": {"reference": "pack", "title": "Sample pack"},
        "payment": {"amount": 4900}, "purchased_at": "2026-02-01T10:00:00Z",
    });
    report(&platform, "/purchases", &bought).await;
    assert_eq!(standing(&store, ava).await, ("paying".to_owned(), 4_900));
    store.assert_no_drift().await;

    let subscribed = json!({
        "reference": "s1", "customer": {"email": ava}, "plan": {"reference": "gold", "title": "Gold"},
        "price": {"amount": 900}, "payment": {"reference": "invoice-1", "amount": 900},
        "started_at": "2026-03-01T10:00:00Z", "current_period_end": "2026-04-01T10:00:00Z",
    });
    let subscription = report(&platform, "/subscriptions", &subscribed).await;
    assert_eq!(standing(&store, ava).await, ("subscription".to_owned(), 5_800));
    store.assert_no_drift().await;

    let path = format!("/subscriptions/{}", subscription["id"].as_str().unwrap());
    let leaving = json!({ "cancel_at_period_end": true, "as_of": "2026-03-10T10:00:00Z" });
    let left: Value = platform.patch(&path, &leaving).await.expect(200).json();
    assert_eq!((&left["status"], &left["cancel_at_period_end"]), (&json!("active"), &json!(true)));
    assert_eq!(standing(&store, ava).await.0, "subscription");
    let over = json!({ "status": "canceled", "as_of": "2026-04-01T10:00:00Z" });
    let over: Value = platform.patch(&path, &over).await.expect(200).json();
    assert_eq!(over["ended_at"], "2026-04-01T10:00:00.000Z");
    assert_eq!(standing(&store, ava).await, ("paying".to_owned(), 5_800));

    for (reference, payment, amount, expected) in [
        ("r1", "o1", 1_900, ("paying", 3_900)),
        ("r2", "o1", 3_000, ("paying", 900)),
        ("r3", "invoice-1", 900, ("lead", 0)),
    ] {
        let refund = json!({
            "reference": reference, "payment": payment, "amount": amount, "refunded_at": "2026-05-01T10:00:00Z",
        });
        report(&platform, "/refunds", &refund).await;
        assert_eq!(standing(&store, ava).await, (expected.0.to_owned(), expected.1), "{reference}");
        store.assert_no_drift().await;
    }

    let title = |title: &str| Some(title.to_owned());
    let line = |kind: &str, detail, at: &str| (kind.to_owned(), detail, format!("2026-{at}T10:00:00.000Z"));
    let mut lines = timeline(&store, ava).await;
    lines.sort_by(|a, b| (&a.2, &a.0, &a.1).cmp(&(&b.2, &b.0, &b.1)));
    assert_eq!(
        lines,
        [
            line("enrolled", title("First steps"), "01-01"),
            line("course_completed", title("First steps"), "01-03"),
            line("paid", title("Sample pack"), "02-01"),
            line("purchased", title("Sample pack"), "02-01"),
            line("paid", title("Gold"), "03-01"),
            line("subscribed", title("Gold"), "03-01"),
            line("subscription_ended", title("Gold"), "04-01"),
            line("refunded", title("Gold"), "05-01"),
            line("refunded", title("Sample pack"), "05-01"),
            line("refunded", title("Sample pack"), "05-01"),
        ]
    );
    let ava = customer(&store, ava).await;
    assert_eq!(ava.last_activity_at.unwrap().to_rfc3339().unwrap(), "2026-03-01T10:00:00.000Z");
    let payments = all_of(&store, &ava, "payments").await;
    assert_eq!(payments.len(), 2);
    assert_eq!((&payments[0]["title"], &payments[0]["refunded"]), (&json!("Gold"), &json!(900)));
    assert_eq!(payments[1]["paid"], json!({ "amount": 4_900, "currency": "USD" }));
    assert_eq!(payments[1]["refunds"].as_array().unwrap().len(), 2);
    assert_eq!(all_of(&store, &ava, "enrollments").await[0]["completed_at"], "2026-01-03T10:00:00.000Z");
    assert_eq!(all_of(&store, &ava, "purchases").await[0]["payment_reference"], "o1");
    assert_eq!(all_of(&store, &ava, "subscriptions").await[0]["plan_title"], "Gold");
}

async fn who_has_an_account_is_linked_and_takes_name_and_picture_from_it(app: TestApp) {
    let (store, platform) = platform(&app).await;
    let account = app.db_create_account("ava@x.example").await;
    let enrollment = json!({
        "reference": "e1", "customer": {"email": "AVA@x.example"},
        "course": {"reference": "free", "title": "First steps"},
    });
    report(&platform, "/enrollments", &enrollment).await;
    let ava = fan(&store, "ava@x.example").await;
    assert_eq!((ava.user_id, ava.has_account), (Some(account.id), true));
    assert_eq!((ava.name, ava.avatar_url), (account.name, account.avatar_url));
    store.assert_no_drift().await;
    // A name of their own stays.
    app.db_create_account("bob@x.example").await;
    let bob = json!({ "email": "bob@x.example", "first_name": "Bob" });
    store.create_customer(&bob).await;
    report(&platform, "/purchases", &super::purchase("o1", "bob@x.example", 5)).await;
    assert_eq!(fan(&store, "bob@x.example").await.name.as_deref(), Some("Bob"));
    store.assert_no_drift().await;
}

async fn a_guest_sees_no_money(app: TestApp) {
    let (store, platform) = platform(&app).await;
    report(&platform, "/purchases", &super::purchase("o1", "ava@x.example", 500)).await;
    let refund = json!({ "reference": "r1", "payment": "o1", "amount": 100 });
    report(&platform, "/refunds", &refund).await;
    let subscription = json!({
        "reference": "s1", "customer": {"email": "ava@x.example"}, "price": {"amount": 900, "currency": "JPY"},
    });
    report(&platform, "/subscriptions", &subscription).await;
    let ava = customer(&store, "ava@x.example").await;
    let guest = store.seen_by(&store.member(&app, "mira", "SUBACCOUNT_GUEST").await);
    let payment = &all_of(&guest, &ava, "payments").await[0];
    assert_eq!((&payment["paid"], &payment["refunded"]), (&Value::Null, &Value::Null));
    assert_eq!(payment["refunds"][0]["amount"], Value::Null);
    assert_eq!(all_of(&guest, &ava, "subscriptions").await[0]["price"], Value::Null);
    assert_eq!(all_of(&store, &ava, "subscriptions").await[0]["price"]["amount"], 900);
    // Not in the ids, which are made of anything.
    for line in all_of(&guest, &ava, "activity").await {
        let detail = line["detail"].to_string();
        assert!(!detail.contains("500") && !detail.contains("USD"), "{line}");
    }
}

async fn a_deleted_customer_takes_their_facts_along(app: TestApp) {
    let (store, platform) = platform(&app).await;
    report(&platform, "/purchases", &super::purchase("o1", "ava@x.example", 500)).await;
    let refund = json!({ "reference": "r1", "payment": "o1", "amount": 100 });
    report(&platform, "/refunds", &refund).await;
    store.delete_customer(&customer(&store, "ava@x.example").await).await;
    store.assert_no_drift().await;
    // The references are free: whoever comes back begins anew.
    report(&platform, "/purchases", &super::purchase("o1", "ava@x.example", 700)).await;
    report(&platform, "/refunds", &refund).await;
    assert_eq!(standing(&store, "ava@x.example").await, ("paying".to_owned(), 600));
    store.assert_no_drift().await;
}
