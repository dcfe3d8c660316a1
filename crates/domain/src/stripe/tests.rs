//! Parsing of Stripe's events, with payloads of both API generations.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    lack::{Lack, completed},
    *,
};
use crate::facts::{Period, RefundKind, RefundState, SubscriptionStatus};

macro_rules! fixtures {
    ($($name:literal),* $(,)?) => {
        fn fixture(generation: &str, name: &str) -> Value {
            let text = match (generation, name) {
                $(
                    ("old", $name) => include_str!(concat!("fixtures/2024-06-20/", $name, ".json")),
                    ("new", $name) => include_str!(concat!("fixtures/2025-03-31/", $name, ".json")),
                )*
                ("new", "invoice-payment") => include_str!("fixtures/2025-03-31/invoice-payment.json"),
                _ => panic!("there is no {name}"),
            };
            serde_json::from_str(text).unwrap()
        }
    };
}

fixtures!(
    "account-updated",
    "charge-refunded",
    "charge-refunded-in-part",
    "checkout-delayed",
    "checkout-delayed-failed",
    "checkout-delayed-succeeded",
    "checkout-payment",
    "checkout-subscription",
    "dispute-created",
    "dispute-lost",
    "dispute-won",
    "invoice-paid",
    "invoice-refunded",
    "refund-created",
    "refund-failed",
    "subscription-active",
    "subscription-created",
    "subscription-deleted",
    "subscription-leaving",
);

const T: i64 = 1_790_000_000;

fn read(event: &Value) -> Result<Option<Change>, StripeError> {
    Event::read(event.to_string().as_bytes())?.change()
}

fn notice(event: &Value) -> Notice {
    match read(event) {
        Ok(Some(Change::Facts(notice))) => *notice,
        other => panic!("{other:?}"),
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

/// Runs a check on the fixtures of both API generations; most of their fields are the same.
fn on_both(check: impl Fn(&str)) {
    ["old", "new"].into_iter().for_each(check);
}

#[test]
fn a_checkout_is_a_purchase_and_its_payment() {
    on_both(|generation| {
        let notice = notice(&fixture(generation, "checkout-payment"));
        assert_eq!(notice.payment, ["pi_1", "cs_1"]);
        let person = notice.person.unwrap();
        assert_eq!(
            (person.email.key().as_str(), person.email.typed()),
            ("ava.lindqvist@example.com", "Ava.Lindqvist@example.com")
        );
        assert_eq!(person.full_name.as_deref(), Some("Ava Lindqvist"));
        assert_eq!(notice.hint.product.as_deref(), Some("sample-pack"));
        let [Report::Purchase(session), Report::Paid(paid)] = &notice.reports[..] else { panic!() };
        assert_eq!(
            (session.as_str(), paid.amount, paid.currency.to_string().as_str()),
            ("cs_1", 4_900, "USD")
        );
        assert_eq!((paid.at, notice.source), (at(T + 10), Source::StripePurchase));
    });
}

#[test]
fn a_delayed_payment_counts_once_it_has_come() {
    on_both(|generation| {
        assert_eq!(read(&fixture(generation, "checkout-delayed")), Ok(None));
        assert_eq!(read(&fixture(generation, "checkout-delayed-failed")), Ok(None));
        let notice = notice(&fixture(generation, "checkout-delayed-succeeded"));
        assert_eq!(
            (notice.payment.as_slice(), notice.at),
            (["pi_3".to_owned(), "cs_3".to_owned()].as_slice(), at(T + 90))
        );
        assert_eq!(notice.reports.len(), 2);
    });
}

#[test]
fn a_subscription_is_claimed_by_checkout_and_invoice_and_told_by_its_own_events() {
    on_both(|generation| {
        let claimed = notice(&fixture(generation, "checkout-subscription"));
        assert_eq!((claimed.subscription.as_deref(), &claimed.reports), (Some("sub_1"), &vec![]));
        assert_eq!(claimed.payment, [""; 0], "the invoice says what was paid");
        let paid = notice(&fixture(generation, "invoice-paid"));
        assert_eq!(paid.subscription.as_deref(), Some("sub_1"), "{generation}");
        assert_eq!(paid.hint.prices, ["price_gold"], "{generation}");
        assert_eq!(paid.reports.len(), 1);
        let Report::Paid(of_invoice) = &paid.reports[0] else { panic!() };
        assert_eq!((of_invoice.amount, of_invoice.at), (900, at(T + 21)));
        let active = notice(&fixture(generation, "subscription-active"));
        let [Report::State(subscription)] = &active.reports[..] else { panic!() };
        let state = subscription.state();
        assert_eq!((state.status, state.cancel_at_period_end), (SubscriptionStatus::Active, false));
        assert_eq!(state.period_end, Some(at(T + 20 + 30 * 86_400)), "{generation}");
        let terms = state.terms.unwrap();
        assert_eq!((terms.amount, terms.interval, terms.interval_count), (900, Period::Month, 1));
        let leaving = notice(&fixture(generation, "subscription-leaving"));
        let [Report::State(subscription)] = &leaving.reports[..] else { panic!() };
        assert!(subscription.state().cancel_at_period_end && subscription.state().status.is_running());
        let over = notice(&fixture(generation, "subscription-deleted"));
        let [Report::State(subscription)] = &over.reports[..] else { panic!() };
        assert_eq!(subscription.state().status, SubscriptionStatus::Canceled);
        assert_eq!(subscription.state().ended_at, Some(at(T + 20 + 30 * 86_400)));
    });
    assert_eq!(notice(&fixture("old", "invoice-paid")).payment, ["in_1", "pi_2", "ch_1"]);
    assert_eq!(notice(&fixture("new", "invoice-paid")).payment, ["in_1"]);
    assert_eq!(notice(&fixture("new", "invoice-payment")).payment, ["in_1", "pi_2"]);
}

#[test]
fn of_a_deletion_the_status_is_final_whatever_it_says() {
    let mut event = fixture("new", "subscription-deleted");
    event["data"]["object"]["status"] = json!("active");
    let [Report::State(subscription)] = &notice(&event).reports[..] else { panic!() };
    assert_eq!(subscription.state().status, SubscriptionStatus::Canceled);
}

#[test]
fn an_invoice_over_nothing_is_no_payment() {
    let mut event = fixture("new", "invoice-paid");
    event["data"]["object"]["amount_paid"] = json!(0);
    assert_eq!(notice(&event).reports, []);
}

#[test]
fn refunds_and_disputes_name_the_payment_and_say_whether_money_goes_back() {
    on_both(|generation| {
        let part = notice(&fixture(generation, "charge-refunded-in-part"));
        assert_eq!(part.payment, ["pi_1", "ch_9"]);
        assert_eq!(part.reports, [Report::RefundedInAll(Latest::new(at(T + 600), 1_900))]);
        for (name, kind, state, amount) in [
            ("refund-created", RefundKind::Refund, RefundState::Standing, 1_900),
            ("refund-failed", RefundKind::Refund, RefundState::Void, 1_900),
            ("dispute-created", RefundKind::Dispute, RefundState::Open, 4_900),
            ("dispute-lost", RefundKind::Dispute, RefundState::Standing, 4_900),
            ("dispute-won", RefundKind::Dispute, RefundState::Void, 4_900),
        ] {
            let notice = notice(&fixture(generation, name));
            assert_eq!(notice.payment, ["pi_1", "ch_9"], "{name}");
            let [Report::Refund(_, refund)] = &notice.reports[..] else { panic!("{name}") };
            assert_eq!((refund.kind, refund.state.value), (kind, (state, amount)), "{name}");
        }
    });
    assert_eq!(notice(&fixture("old", "invoice-refunded")).payment, ["pi_2", "ch_1", "in_1"]);
    assert_eq!(notice(&fixture("new", "invoice-refunded")).payment, ["pi_2", "ch_1"]);
}

#[test]
fn an_account_is_as_far_as_its_flags_say() {
    for (charges, payouts, expected) in [
        (false, false, ConnectStatus::Incomplete),
        (true, false, ConnectStatus::CanCharge),
        (true, true, ConnectStatus::CanBePaidOut),
    ] {
        let mut event = fixture("old", "account-updated");
        event["data"]["object"]["charges_enabled"] = json!(charges);
        event["data"]["object"]["payouts_enabled"] = json!(payouts);
        let status = Latest::new(at(T + 5), expected);
        assert_eq!(read(&event), Ok(Some(Change::Account { account: "acct_1".into(), status })));
    }
    let gone = json!({
        "id": "evt_1", "type": "account.application.deauthorized", "created": T, "account": "acct_1",
        "data": {"object": {"id": "ca_1", "object": "application"}},
    });
    let status = Latest::new(at(T), ConnectStatus::NotConnected);
    assert_eq!(read(&gone), Ok(Some(Change::Account { account: "acct_1".into(), status })));
}

#[test]
fn what_cannot_be_understood_is_told() {
    let with = |name: &str, path: &str, value: Value| {
        let mut event = fixture("new", name);
        *event.pointer_mut(path).unwrap() = value;
        read(&event).unwrap_err()
    };
    let object = "/data/object";
    assert_eq!(Event::read(b"{").unwrap_err(), StripeError::NotJson);
    assert_eq!(with("checkout-payment", "/id", json!(7)), StripeError::Missing("id"));
    assert_eq!(with("checkout-payment", "/type", Value::Null), StripeError::Missing("type"));
    assert_eq!(with("checkout-payment", "/created", json!("today")), StripeError::Missing("created"));
    assert_eq!(with("checkout-payment", object, json!([])), StripeError::Missing("data.object"));
    let mut stranger = fixture("new", "checkout-payment");
    (stranger["data"]["object"]["customer_details"], stranger["data"]["object"]["customer"]) =
        (Value::Null, Value::Null);
    assert_eq!(read(&stranger), Err(StripeError::NoAddress));
    for (name, field, value, expected) in [
        ("checkout-payment", "mode", Value::Null, StripeError::Missing("mode")),
        ("checkout-payment", "amount_total", json!(-1), StripeError::Missing("amount_total")),
        ("checkout-payment", "amount_total", json!(1.5), StripeError::Missing("amount_total")),
        ("checkout-payment", "currency", json!("xyz"), StripeError::Currency),
        ("checkout-subscription", "subscription", Value::Null, StripeError::Missing("subscription")),
        ("subscription-active", "status", json!("odd"), StripeError::Missing("status")),
        ("charge-refunded", "amount_refunded", Value::Null, StripeError::Missing("amount_refunded")),
        ("dispute-created", "status", Value::Null, StripeError::Missing("status")),
    ] {
        assert_eq!(with(name, &format!("{object}/{field}"), value), expected, "{name} {field}");
    }
}

#[test]
fn what_is_about_nothing_that_is_kept_is_ignored() {
    for kind in ["payment_intent.succeeded", "customer.created", "charge.succeeded", "invoice.created", "x"] {
        let mut event = fixture("new", "checkout-payment");
        event["type"] = json!(kind);
        assert_eq!(read(&event), Ok(None), "{kind}");
    }
    let mut setup = fixture("new", "checkout-payment");
    setup["data"]["object"]["mode"] = json!("setup");
    assert_eq!(read(&setup), Ok(None));
}

#[test]
fn an_expanded_object_stands_for_its_id() {
    let mut event = fixture("old", "checkout-payment");
    event["data"]["object"]["payment_intent"] = json!({"id": "pi_1", "object": "payment_intent"});
    event["data"]["object"]["line_items"] = json!({"data": [{"price": {"id": "price_pack"}}]});
    let notice = notice(&event);
    assert_eq!((notice.payment[0].as_str(), notice.hint.prices), ("pi_1", vec!["price_pack".to_owned()]));
}

#[test]
fn an_event_of_the_test_mode_changes_nothing() {
    on_both(|generation| {
        for name in ["checkout-payment", "invoice-paid", "subscription-active", "account-updated"] {
            let mut event = fixture(generation, name);
            event["livemode"] = json!(false);
            assert_eq!(read(&event), Ok(None), "{generation} {name}");
        }
    });
}

#[test]
fn a_thin_event_is_about_nothing_that_is_kept() {
    let event = json!({
        "id": "evt_thin", "object": "v2.core.event", "type": "v1.billing.meter.error_report_triggered",
        "livemode": true, "created": "2026-09-22T06:20:52.246Z", "context": "acct_1",
    });
    let read = Event::read(event.to_string().as_bytes()).unwrap();
    assert_eq!(
        (read.id.as_str(), read.created.to_rfc3339().unwrap().as_str()),
        ("evt_thin", "2026-09-22T06:20:52.246Z")
    );
    assert_eq!(read.change(), Ok(None));
}

#[test]
fn a_subscription_whose_payments_are_not_collected_is_paused() {
    let state = |status: &str, pause: Value| {
        let mut event = fixture("new", "subscription-active");
        event["data"]["object"]["status"] = json!(status);
        event["data"]["object"]["pause_collection"] = pause;
        let [Report::State(subscription)] = &notice(&event).reports[..] else { panic!() };
        subscription.state().status
    };
    let pause = json!({ "behavior": "void", "resumes_at": null });
    for (status, pause, expected) in [
        ("active", Value::Null, SubscriptionStatus::Active),
        ("active", pause.clone(), SubscriptionStatus::Paused),
        ("trialing", pause.clone(), SubscriptionStatus::Paused),
        ("unpaid", pause.clone(), SubscriptionStatus::Unpaid),
        ("canceled", pause, SubscriptionStatus::Canceled),
    ] {
        assert_eq!(state(status, pause), expected, "{status}");
    }
}

#[test]
fn all_items_of_a_subscription_are_its_price() {
    let item = |price: Value, quantity: Value| json!({ "price": price, "quantity": quantity });
    let price = |amount: Value, interval: &str| json!({ "currency": "usd", "unit_amount": amount, "recurring": { "interval": interval, "interval_count": 1 } });
    let mut tenths = price(Value::Null, "month");
    tenths["unit_amount_decimal"] = json!("0.25");
    let tiered = price(Value::Null, "month");
    for (items, expected) in [
        (
            vec![item(price(json!(900), "month"), json!(1)), item(price(json!(250), "month"), json!(3))],
            Some(1_650),
        ),
        (
            vec![item(price(json!(900), "month"), json!(1)), item(price(json!(12_000), "year"), json!(1))],
            Some(1_900),
        ),
        (vec![item(tenths, json!(10))], Some(3)),
        (vec![item(tiered.clone(), Value::Null), item(price(json!(900), "month"), json!(1))], Some(900)),
        (vec![item(tiered, Value::Null)], None),
        (vec![], None),
    ] {
        let mut event = fixture("new", "subscription-active");
        event["data"]["object"]["items"]["data"] = json!(items);
        let [Report::State(subscription)] = &notice(&event).reports[..] else { panic!() };
        assert_eq!(subscription.state().terms.map(|terms| terms.amount), expected, "{items:?}");
    }
}

#[test]
fn yen_have_no_minor_unit() {
    let mut event = fixture("new", "checkout-payment");
    event["data"]["object"]["amount_total"] = json!(1_200);
    event["data"]["object"]["currency"] = json!("jpy");
    let [_, Report::Paid(paid)] = &notice(&event).reports[..] else { panic!() };
    assert_eq!((paid.amount, paid.currency.format_minor(paid.amount).as_str()), (1_200, "1200"));
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Event::read(&bytes).and_then(|event| event.change());
    }

    #[test]
    fn any_value_in_any_place_is_read_without_panic(
        name in prop::sample::select(vec!["checkout-payment", "invoice-paid", "subscription-active", "charge-refunded", "dispute-lost", "account-updated"]),
        place in 0..60_usize,
        value in prop_oneof![
            Just(Value::Null), Just(json!([])), Just(json!({})), Just(json!(i64::MAX)), Just(json!(-1)),
            Just(json!(1e300)), Just(json!("\u{0}")), Just(json!(true)),
        ],
    ) {
        let mut event = fixture("new", name);
        let object = event["data"]["object"].as_object_mut().unwrap();
        let key = object.keys().nth(place % object.len()).unwrap().clone();
        object.insert(key, value);
        let _ = read(&event);
    }
}

fn lack_of(event: &Value) -> Option<Lack> {
    Event::read(event.to_string().as_bytes()).expect("it is an event").lack()
}

#[test]
fn only_what_an_event_is_read_for_is_lacking() {
    for generation in ["old", "new"] {
        for (name, lack) in [
            // Its metadata name the product.
            ("checkout-payment", None),
            ("subscription-active", Some(Lack::Customer("cus_1".to_owned()))),
            ("subscription-deleted", Some(Lack::Customer("cus_1".to_owned()))),
            ("invoice-paid", None),
            ("charge-refunded", None),
            ("dispute-lost", None),
            ("account-updated", None),
        ] {
            assert_eq!(lack_of(&fixture(generation, name)), lack, "{generation} {name}");
        }
    }
}

#[test]
fn what_was_asked_for_is_read_and_not_asked_for_again() {
    let mut event = fixture("new", "checkout-payment");
    let object = &mut event["data"]["object"];
    object["metadata"] = json!({});
    object["customer_details"] = json!(null);
    assert_eq!(notice(&event).person, None);
    let items = Lack::LineItems("cs_1".to_owned());
    assert_eq!(
        (lack_of(&event), items.path()),
        (Some(items.clone()), "/v1/checkout/sessions/cs_1/line_items?limit=100".to_owned())
    );
    let answer = json!({ "data": [{ "price": { "id": "price_1" } }] });
    let body = completed(event.to_string().as_bytes(), &items, answer).unwrap();
    let event: Value = serde_json::from_slice(&body).unwrap();
    let customer = Lack::Customer("cus_1".to_owned());
    assert_eq!(
        (lack_of(&event), customer.path()),
        (Some(customer.clone()), "/v1/customers/cus_1".to_owned())
    );
    let body = completed(&body, &customer, json!({ "id": "cus_1", "email": "ava@example.com" })).unwrap();
    let event: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(lack_of(&event), None);
    let notice = notice(&event);
    assert_eq!(notice.hint.prices, ["price_1"]);
    assert_eq!(notice.person.unwrap().email.key().as_str(), "ava@example.com");
}

#[test]
fn an_invoice_without_an_address_is_of_its_customer() {
    let mut event = fixture("old", "invoice-paid");
    event["data"]["object"]["customer_email"] = json!(null);
    let lack = lack_of(&event).unwrap();
    assert_eq!(lack, Lack::Customer("cus_1".to_owned()));
    // A customer deleted at Stripe has no e-mail address there.
    let body =
        completed(event.to_string().as_bytes(), &lack, json!({ "id": "cus_1", "deleted": true })).unwrap();
    let Ok(Some(Change::Facts(notice))) = Event::read(&body).unwrap().change() else { panic!() };
    assert_eq!((notice.person, notice.stripe_customer.as_deref()), (None, Some("cus_1")));
    let answer = json!({ "id": "cus_1", "email": "ava@example.com", "name": "Ava" });
    let body = completed(event.to_string().as_bytes(), &lack, answer).unwrap();
    assert!(matches!(Event::read(&body).unwrap().change(), Ok(Some(_))));
}

#[test]
fn an_id_that_leads_elsewhere_is_not_asked_for() {
    for id in ["../charges", "cus_1?expand[]=x", "", "cus 1", "cus_1/sources"] {
        let mut event = fixture("new", "subscription-active");
        event["data"]["object"]["customer"] = json!(id);
        assert_eq!(lack_of(&event), None, "{id}");
    }
    assert_eq!(completed(b"nonsense", &Lack::Customer("cus_1".to_owned()), json!({})), None);
}
