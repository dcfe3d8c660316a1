//! Streams of events that went wrong elsewhere: who owns what is paid, and what is paid at all.

use fanbase_domain::wire::{
    customers::CustomerResponse, page::Page, stores::StoreResponse, webhooks::WebhookEventStatus,
    worth::CustomerValueResponse,
};
use fanbase_tests::{Caller as _, Creator, Store, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{Generation, about, connect, connected, connected_store, fixture, now, received, send};
use crate::facts::{all_of, customer, report, standing};

on_both_databases!(
    a_subscription_that_is_not_collected_is_paused_and_worth_nothing,
    thin_and_unknown_events_are_kept_as_ignored_under_their_own_ids,
    the_test_mode_never_counts,
    amounts_are_read_in_the_units_of_stripe,
    an_invoice_without_an_address_is_of_the_owner_of_its_subscription,
    an_invoice_with_another_address_is_of_the_owner_of_its_subscription,
    what_is_paid_before_its_owner_is_known_waits_for_the_owner,
    facts_go_over_to_whoever_claimed_them_first,
    an_owner_who_changed_the_address_stays_the_owner,
    payments_after_an_import_are_added_to_what_it_said,
    a_name_that_another_store_reports_neither_attracts_nor_blocks_events,
);

/// The events of a file, of the account of the run.
fn events(file: &str, run: &str) -> Vec<Value> {
    let text = file.replace("{run}", run).replace("\"{now}\"", &now().to_string());
    serde_json::from_str(&text).unwrap()
}

macro_rules! case {
    ($name:literal) => {
        include_str!(concat!("cases/", $name, ".json"))
    };
}

/// A store in a currency that is connected to the account of a run.
async fn store_of_run(app: &TestApp, run: &str, currency: &str) -> (Store, Creator) {
    let admin = app.admin(&format!("root-{run}")).await;
    let request = json!({ "name": run, "slug": run, "currency": currency });
    let store: StoreResponse = admin.post("/api/v1/stores", &request).await.expect(201).json();
    let store = admin.open(store.id);
    connect(&admin, &store, &json!({ "stripe_account": format!("acct_{run}") })).await;
    (store, admin)
}

async fn send_all(app: &TestApp, events: &[Value]) {
    for event in events {
        send(app, event).await;
    }
}

async fn spent(store: &Store) -> Vec<(String, i64)> {
    let page: Page<CustomerResponse> = store.get("/customers?sort=email").await.expect(200).json();
    page.items.into_iter().map(|one| (one.email, one.total_spent.unwrap())).collect()
}

fn only(email: &str, total: i64) -> Vec<(String, i64)> {
    vec![(email.to_owned(), total)]
}

const ANN: &str = "ann@hunt.example";
const AVA: &str = "ava.lindqvist@example.com";

async fn a_subscription_that_is_not_collected_is_paused_and_worth_nothing(app: TestApp) {
    let (store, _) = store_of_run(&app, "r1", "USD").await;
    send_all(&app, &events(case!("paused"), "r1")).await;
    let ann = customer(&store, ANN).await;
    assert_eq!(all_of(&store, &ann, "subscriptions").await[0]["status"], "paused");
    assert_eq!(standing(&store, ANN).await, ("paying".to_owned(), 1_500));
    let path = format!("/customers/{}/value", ann.id);
    let value: CustomerValueResponse = store.get(&path).await.expect(200).json();
    let expected = value.predicted.unwrap().subscriptions;
    assert_eq!((expected.amount, expected.monthly), (0, 0));
    send_all(&app, &events(case!("resumed"), "r1")).await;
    assert_eq!(all_of(&store, &ann, "subscriptions").await[0]["status"], "active");
    assert_eq!(standing(&store, ANN).await, ("subscription".to_owned(), 1_500));
    store.assert_no_drift().await;
}

async fn thin_and_unknown_events_are_kept_as_ignored_under_their_own_ids(app: TestApp) {
    let (_, admin) = store_of_run(&app, "r2", "USD").await;
    let events = events(case!("thin-and-other"), "r2");
    send_all(&app, &events).await;
    let kept = received(&admin, "status=ignored").await;
    let mut ids: Vec<&str> = kept.iter().map(|event| event.id.as_str()).collect();
    ids.sort_unstable();
    let mut sent: Vec<&str> = events.iter().map(|event| event["id"].as_str().unwrap()).collect();
    sent.sort_unstable();
    assert_eq!((ids.len(), &ids), (11, &sent));
    // What has no id is kept under one of its own, too.
    for body in [json!({ "nonsense": 1 }), json!({ "nonsense": 2 })] {
        let _ = super::deliver(&app, &body).await.expect(422);
    }
    assert_eq!(received(&admin, "status=failed").await.len(), 2);
}

async fn the_test_mode_never_counts(app: TestApp) {
    let (store, admin) = store_of_run(&app, "r3", "USD").await;
    send_all(&app, &events(case!("test-mode"), "r3")).await;
    assert_eq!(spent(&store).await, only(ANN, 2_900));
    let value: Value = store.get("/value").await.expect(200).json();
    assert_eq!(value["total"]["revenue"], 2_900, "{value}");
    let ignored = received(&admin, "status=ignored").await;
    assert_eq!(ignored.len(), 1);
    assert!(ignored[0].error.as_deref().unwrap().contains("test mode"), "{ignored:?}");
    store.assert_no_drift().await;
}

async fn amounts_are_read_in_the_units_of_stripe(app: TestApp) {
    for (currency, file, expected) in [
        ("UGX", case!("minor-units-ugx"), "3800"),
        ("ISK", case!("minor-units-isk"), "5000"),
        ("KWD", case!("minor-units-kwd"), "5.120"),
        ("JPY", case!("minor-units-jpy"), "500"),
    ] {
        let run = currency.to_lowercase();
        let (store, _) = store_of_run(&app, &run, currency).await;
        send_all(&app, &events(file, &run)).await;
        let export = store.export().await;
        let mut rows = csv::Reader::from_reader(export.as_bytes());
        let column = rows.headers().unwrap().iter().position(|name| name == "Total Spent").unwrap();
        let totals: Vec<String> = rows.records().map(|row| row.unwrap()[column].to_owned()).collect();
        assert!(totals.iter().any(|total| total == expected), "{currency}: {export}");
        // The export is read back as what it was.
        assert_eq!(store.import("", export).await.tally.updated, 0, "{currency}");
    }
}

async fn an_invoice_without_an_address_is_of_the_owner_of_its_subscription(app: TestApp) {
    let (store, admin) = store_of_run(&app, "r5", "USD").await;
    send_all(&app, &events(case!("invoice-without-address"), "r5")).await;
    assert_eq!(spent(&store).await, only(ANN, 3_000));
    assert_eq!(received(&admin, "status=failed").await, []);
    store.assert_no_drift().await;
}

/// A renewal a month later, paid by another address or none, named by subscription or Stripe's customer.
fn renewal(n: usize, email: Value, names_subscription: bool) -> Value {
    let mut event = fixture(Generation::New, "invoice-paid");
    event["id"] = json!(format!("evt_renewal_{n}"));
    event["created"] = json!(1_792_592_020_i64 + i64::try_from(n).unwrap());
    let object = &mut event["data"]["object"];
    object["id"] = json!(format!("in_renewal_{n}"));
    object["customer_email"] = email;
    object["status_transitions"]["paid_at"] = json!(1_792_592_020_i64 + i64::try_from(n).unwrap());
    if names_subscription {
        object["customer"] = Value::Null;
    } else {
        object["parent"] = Value::Null;
    }
    connected(&event)
}

async fn an_invoice_with_another_address_is_of_the_owner_of_its_subscription(app: TestApp) {
    let (store, _) = connected_store(&app).await;
    send(&app, &connected(&fixture(Generation::New, "checkout-subscription"))).await;
    send(&app, &connected(&fixture(Generation::New, "invoice-paid"))).await;
    let others = [json!("accounting@label.example"), Value::Null];
    for (n, (email, names_subscription)) in
        others.iter().flat_map(|email| [(email.clone(), true), (email.clone(), false)]).enumerate()
    {
        send(&app, &renewal(n, email, names_subscription)).await;
    }
    assert_eq!(spent(&store).await, only("Ava.Lindqvist@example.com", 5 * 900));
    store.assert_no_drift().await;
}

async fn what_is_paid_before_its_owner_is_known_waits_for_the_owner(app: TestApp) {
    let (store, admin) = connected_store(&app).await;
    send(&app, &renewal(0, Value::Null, true)).await;
    send(&app, &renewal(1, Value::Null, false)).await;
    assert_eq!(spent(&store).await, []);
    send(&app, &connected(&fixture(Generation::New, "checkout-subscription"))).await;
    assert_eq!(spent(&store).await, only("Ava.Lindqvist@example.com", 1_800));
    assert_eq!(received(&admin, "status=failed").await, []);
    store.assert_no_drift().await;
}

async fn facts_go_over_to_whoever_claimed_them_first(app: TestApp) {
    let (store, _) = connected_store(&app).await;
    // The invoice of another address comes before the checkout that says whose it is.
    for (n, names_subscription) in [(0, true), (1, false)] {
        send(&app, &renewal(n, json!("accounting@label.example"), names_subscription)).await;
    }
    send(&app, &connected(&fixture(Generation::New, "subscription-active"))).await;
    assert_eq!(standing(&store, "accounting@label.example").await, ("subscription".to_owned(), 1_800));
    send(&app, &connected(&fixture(Generation::New, "checkout-subscription"))).await;
    assert_eq!(standing(&store, AVA).await, ("subscription".to_owned(), 1_800));
    assert_eq!(standing(&store, "accounting@label.example").await, ("lead".to_owned(), 0));
    let ava = customer(&store, AVA).await;
    assert_eq!(all_of(&store, &ava, "payments").await.len(), 2);
    store.assert_no_drift().await;
}

async fn an_owner_who_changed_the_address_stays_the_owner(app: TestApp) {
    let (store, _) = connected_store(&app).await;
    send(&app, &connected(&fixture(Generation::New, "checkout-subscription"))).await;
    let ava = customer(&store, AVA).await;
    let _ = store.patch_customer(&ava, &json!({ "email": "ava@new.example" })).await.expect(200);
    send(&app, &connected(&fixture(Generation::New, "invoice-paid"))).await;
    assert_eq!(spent(&store).await, only("ava@new.example", 900));
    // Whoever is deleted is made again by what they pay, and owns it anew.
    store.delete_customer(&ava).await;
    send(&app, &renewal(0, json!("Ava.Lindqvist@example.com"), true)).await;
    assert_eq!(spent(&store).await, only("Ava.Lindqvist@example.com", 900));
    store.assert_no_drift().await;
}

async fn payments_after_an_import_are_added_to_what_it_said(app: TestApp) {
    let (store, _) = store_of_run(&app, "r6", "USD").await;
    let file = "Email,Total Spent\nann@hunt.example,500.00\n";
    let import = store.import("", file).await;
    send_all(&app, &events(case!("after-import"), "r6")).await;
    assert_eq!(spent(&store).await, only(ANN, 51_900));
    assert_eq!(store.import("", file).await.tally.unchanged, 1);
    assert_eq!(spent(&store).await, only(ANN, 51_900));
    // One that is older than the file is in its sum.
    let mut older = events(case!("after-import"), "r6b").remove(0);
    older["created"] = json!(1_500_000_000);
    older["account"] = json!("acct_r6");
    send(&app, &older).await;
    assert_eq!(spent(&store).await, only(ANN, 51_900));
    // She stays, since she paid; what the file said of her goes.
    store.undo(import.id).await;
    assert_eq!(standing(&store, ANN).await.0, "paying");
    store.assert_no_drift().await;
}

async fn a_name_that_another_store_reports_neither_attracts_nor_blocks_events(app: TestApp) {
    let store = app.creator("ava").await.store("s1").await;
    let stranger = app.creator("eve").await.store("s2").await;
    let payment = json!({
        "reference": "o1", "customer": { "email": "eve@x.example" }, "title": "Pack",
        "payment": { "reference": "pi_1_1", "amount": 4_900 },
    });
    report(&stranger, "/purchases", &payment).await;
    let refund = about(&fixture(Generation::New, "charge-refunded"), 1);
    send(&app, &refund).await;
    assert_eq!(standing(&stranger, "eve@x.example").await.1, 4_900, "attracted");
    let mut checkout = about(&fixture(Generation::New, "checkout-payment"), 1);
    checkout["data"]["object"]["metadata"]["fanbase_store"] = json!("s1");
    send(&app, &checkout).await;
    assert_eq!(standing(&store, "ava1@example.com").await.1, 0, "blocked");
    assert_eq!(standing(&stranger, "eve@x.example").await.1, 4_900);
    let admin = app.admin("root").await;
    let failed = received(&admin, "status=failed").await;
    assert!(failed.iter().all(|event| event.status != WebhookEventStatus::Failed), "{failed:?}");
}
