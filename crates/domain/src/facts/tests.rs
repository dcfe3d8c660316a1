//! The effective state derived from sets of facts: table tests and property tests.

use std::collections::BTreeMap;

use proptest::{prelude::*, test_runner::Config};

use super::*;
use crate::{
    consent::Consent,
    customer::{CustomerFields, CustomerStatus, CustomerType},
    money::Currency,
};

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn usd() -> Currency {
    Currency::parse("USD").unwrap()
}

fn paid(amount: i64, currency: &str) -> Payment {
    let paid = Paid { at: at(10), amount, currency: Currency::parse(currency).unwrap() };
    Payment { paid: Some(paid), ..Payment::default() }
}

fn refund(kind: RefundKind, since: i64, state: RefundState, told: i64, amount: i64) -> Refund {
    Refund { kind, at: at(since), state: Latest::new(at(told), (state, amount)) }
}

fn with(payment: Payment, refunds: &[(&str, Refund)]) -> Payment {
    let refunds = refunds.iter().map(|(name, refund)| ((*name).to_owned(), *refund)).collect();
    Payment { refunds, ..payment }
}

fn subscription(told: i64, status: SubscriptionStatus) -> Subscription {
    let state = State {
        status,
        period_end: None,
        cancel_at_period_end: false,
        started_at: at(5),
        ended_at: None,
        terms: None,
    };
    Subscription(Latest::new(at(told), state))
}

fn money(facts: &Facts) -> Option<(CustomerType, i64)> {
    standing(facts, usd(), None).money
}

#[test]
fn the_type_follows_from_the_facts() {
    use SubscriptionStatus::{Active, Canceled, Incomplete, PastDue, Paused, Trialing, Unpaid};
    let payments = |payments: Vec<Payment>| Facts { payments, ..Facts::default() };
    let subscribed = |status| Facts { subscriptions: vec![subscription(1, status)], ..Facts::default() };
    let full = |n| Some(Latest::new(at(20), n));
    let free = Facts { enrollments: vec![Enrollment::new(at(1))], ..Facts::default() };
    assert_eq!(money(&free), None, "a free course says nothing about money");
    for (facts, expected) in [
        (payments(vec![paid(500, "USD")]), (CustomerType::Paying, 500)),
        (payments(vec![paid(0, "USD")]), (CustomerType::Lead, 0)),
        (payments(vec![Payment { refunded_in_all: full(500), ..paid(500, "USD") }]), (CustomerType::Lead, 0)),
        (
            payments(vec![Payment { refunded_in_all: full(200), ..paid(500, "USD") }]),
            (CustomerType::Paying, 300),
        ),
        // Another currency: makes the customer paying, and adds nothing to the sum.
        (payments(vec![paid(500, "JPY")]), (CustomerType::Paying, 0)),
        (payments(vec![paid(500, "JPY"), paid(7, "USD")]), (CustomerType::Paying, 7)),
        (subscribed(Trialing), (CustomerType::Subscription, 0)),
        (subscribed(Active), (CustomerType::Subscription, 0)),
        (subscribed(PastDue), (CustomerType::Subscription, 0)),
        (subscribed(Unpaid), (CustomerType::Lead, 0)),
        (subscribed(Paused), (CustomerType::Lead, 0)),
        (subscribed(Incomplete), (CustomerType::Lead, 0)),
        (subscribed(Canceled), (CustomerType::Lead, 0)),
        (Facts { payments: vec![paid(5, "USD")], ..subscribed(Canceled) }, (CustomerType::Paying, 5)),
        // The payment is known only by a later report.
        (payments(vec![Payment { refunded_in_all: full(9), ..Payment::default() }]), (CustomerType::Lead, 0)),
    ] {
        assert_eq!(money(&facts), Some(expected), "{facts:?}");
    }
}

#[test]
fn sums_of_different_currencies_are_not_added_up() {
    let facts = Facts {
        payments: vec![paid(500, "USD"), paid(1_200, "JPY"), paid(300, "USD"), paid(40, "EUR")],
        ..Facts::default()
    };
    let kept = standing(&facts, usd(), None).kept;
    let kept: Vec<String> =
        kept.iter().map(|(currency, sum)| format!("{currency} {}", currency.format_minor(*sum))).collect();
    assert_eq!(kept, ["EUR 0.40", "JPY 1200", "USD 8.00"]);
    // Yen have no minor unit: 1,200 in a store whose currency is yen are 1,200.
    assert_eq!(
        standing(&facts, Currency::parse("JPY").unwrap(), None).money,
        Some((CustomerType::Paying, 1_200))
    );
}

#[test]
fn refunds_add_up_however_they_are_told() {
    use RefundKind::{Dispute, Refund};
    use RefundState::{Open, Standing, Void};
    let told = |at_: i64, sum| Some(Latest::new(at(at_), sum));
    let one = ("re_1", refund(Refund, 20, Standing, 20, 200));
    let two = ("re_2", refund(Refund, 30, Standing, 30, 100));
    for (refunded_in_all, refunds, expected) in [
        (None, vec![], 0),
        (None, vec![one], 200),
        (None, vec![one, two], 300),
        (told(20, 200), vec![], 200),
        (told(30, 300), vec![one], 300),
        (told(20, 200), vec![one, two], 300),
        // A refund never exceeds the amount paid.
        (told(20, 900), vec![], 500),
        (None, vec![("re_1", refund(Refund, 20, Void, 25, 200))], 0),
        // The total was reported before the refund failed, and after.
        (told(20, 200), vec![("re_1", refund(Refund, 20, Void, 25, 200))], 0),
        (told(30, 100), vec![("re_1", refund(Refund, 20, Void, 25, 200)), two], 100),
        (None, vec![("dp_1", refund(Dispute, 20, Open, 20, 500))], 0),
        (None, vec![("dp_1", refund(Dispute, 20, Standing, 90, 500))], 500),
        (None, vec![("dp_1", refund(Dispute, 20, Void, 90, 500))], 0),
        (told(20, 200), vec![("dp_1", refund(Dispute, 20, Standing, 90, 300))], 500),
    ] {
        let payment = with(Payment { refunded_in_all, ..paid(500, "USD") }, &refunds);
        assert_eq!(payment.refunded(), expected, "{payment:?}");
        assert_eq!(payment.kept(), 500 - expected);
    }
}

#[test]
fn an_end_absorbs_what_is_told_of_a_subscription_later() {
    use SubscriptionStatus::{Active, Canceled, Incomplete, PastDue};
    for (reports, expected) in [
        (vec![(1, Incomplete), (1, Active)], Active),
        (vec![(1, Active), (2, PastDue), (3, Active)], Active),
        (vec![(2, PastDue), (3, Active), (1, Active)], Active),
        (vec![(3, Canceled), (2, Active)], Canceled),
        (vec![(3, Canceled), (4, Active)], Canceled),
    ] {
        let reports = reports.iter().map(|(at, status)| Some(subscription(*at, *status)));
        let joined = reports.fold(None, Join::join).unwrap();
        assert_eq!(joined.state().status, expected);
    }
}

#[test]
fn progress_is_that_of_the_latest_report_and_completion_that_of_the_first() {
    let percent = |n| Percent::parse(n).unwrap();
    let enrolled = Enrollment::new(at(10));
    let done = enrolled.with_progress(at(30), percent(100)).with_progress(at(20), percent(40));
    assert_eq!((done.progress.value, done.completed_at), (percent(100), Some(at(30))));
    // The course got a new lesson.
    let more = done.with_progress(at(50), percent(80)).with_access(at(60));
    assert_eq!((more.progress.value, more.completed_at), (percent(80), Some(at(30))));
    assert_eq!((more.accessed_at, more.last_activity_at()), (Some(at(60)), at(60)));
    assert_eq!((Percent::parse(101), Percent::parse(-1)), (None, None));
}

#[test]
fn an_imported_customer_keeps_type_and_sum_until_there_is_a_fact_about_money() {
    let mut imported = CustomerFields::unknown(Source::CsvImport, Consent::Subscribed, at(100));
    (imported.kind, imported.total_spent) = (CustomerType::Paying, 900);
    let mut facts = Facts { enrollments: vec![Enrollment::new(at(200))], ..Facts::default() };
    standing(&facts, usd(), None).apply(&mut imported, at(0));
    assert_eq!((imported.kind, imported.total_spent), (CustomerType::Paying, 900));
    assert_eq!((imported.follows_facts, imported.last_activity_at), (false, Some(at(200))));
    facts.payments.push(Payment { refunded_in_all: Some(Latest::new(at(11), 500)), ..paid(500, "USD") });
    standing(&facts, usd(), None).apply(&mut imported, at(0));
    assert_eq!((imported.kind, imported.total_spent, imported.follows_facts), (CustomerType::Lead, 0, true));
}

#[test]
fn an_imported_sum_is_the_balance_of_its_moment() {
    let told = |at_: i64, sum| Some(Latest::new(at(at_), sum));
    let balance = |amount, at_: i64| Balance::new(amount, at(at_ * 1_000));
    let paid_at = |seconds: i64, amount| Payment {
        paid: Some(Paid { at: at(seconds * 1_000), amount, currency: usd() }),
        ..Payment::default()
    };
    for (imported, payments, expected) in [
        (balance(50_000, 100), vec![], 50_000),
        // Paid after the balance, in the same second, and before it.
        (balance(50_000, 100), vec![paid_at(101, 1_900)], 51_900),
        (balance(50_000, 100), vec![paid_at(100, 1_900)], 51_900),
        (balance(50_000, 100), vec![paid_at(99, 1_900)], 50_000),
        // The tracked sum exceeds the imported one.
        (balance(1_000, 100), vec![paid_at(9, 1_900), paid_at(101, 5)], 1_905),
        // Another currency is not added.
        (balance(1_000, 1), vec![Payment { ..paid(500, "JPY") }], 1_000),
        // Refunded after the balance was imported, and before.
        (
            balance(5_000, 100),
            vec![Payment { refunded_in_all: told(200_000, 900), ..paid_at(9, 1_900) }],
            4_100,
        ),
        (
            balance(5_000, 100),
            vec![Payment { refunded_in_all: told(99_000, 900), ..paid_at(9, 1_900) }],
            5_000,
        ),
        (None, vec![paid_at(9, 7)], 7),
    ] {
        let facts = Facts { payments: payments.clone(), ..Facts::default() };
        let total = imported.map_or(7, |balance: Balance| balance.total(&payments, usd()));
        assert_eq!(total, expected, "{imported:?} {payments:?}");
        let money = standing(&facts, usd(), imported).money;
        assert_eq!(money, (!payments.is_empty()).then_some((CustomerType::Paying, expected)));
    }
    assert_eq!(Balance::new(0, at(1)), None);
}

#[test]
fn only_new_activity_makes_somebody_active_again() {
    for (known, told, idle_after, expected) in [
        (None, 50, 40, CustomerStatus::Active),
        (None, 30, 40, CustomerStatus::Inactive),
        (Some(60), 50, 40, CustomerStatus::Inactive),
        (Some(45), 50, 40, CustomerStatus::Active),
    ] {
        let mut fields = CustomerFields::unknown(Source::Manual, Consent::Subscribed, at(1));
        (fields.status, fields.last_activity_at) = (CustomerStatus::Inactive, known.map(at));
        let facts = Facts { enrollments: vec![Enrollment::new(at(told))], ..Facts::default() };
        standing(&facts, usd(), None).apply(&mut fields, at(idle_after));
        assert_eq!(fields.status, expected, "{known:?} {told}");
    }
}

#[test]
fn the_earliest_evidence_says_whence_somebody_came() {
    let mut fields = CustomerFields::unknown(Source::Subscription, Consent::Unconfirmed, at(50));
    let tell = |at_, source, detail: Option<&str>| Evidence {
        at: at(at_),
        source,
        detail: detail.map(str::to_owned),
    };
    tell(70, Source::StripePurchase, None).apply(&mut fields);
    assert_eq!((fields.created_at, fields.source), (at(50), Source::Subscription));
    tell(50, Source::Subscription, Some("Gold")).apply(&mut fields);
    assert_eq!(fields.source_detail.as_deref(), Some("Gold"));
    tell(40, Source::CourseEnrollment, None).apply(&mut fields);
    assert_eq!(
        (fields.created_at, fields.source, fields.source_detail),
        (at(40), Source::CourseEnrollment, None)
    );
}

/// A report of a fact, as a source delivers it.
#[derive(Clone, Debug)]
enum Report {
    Enrollment(u8, Enrollment),
    Purchase(u8, Purchase),
    Payment(u8, Payment),
    Subscription(u8, Subscription),
}

/// The merged state of all reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Book {
    enrollments: BTreeMap<u8, Enrollment>,
    purchases: BTreeMap<u8, Purchase>,
    payments: BTreeMap<u8, Payment>,
    subscriptions: BTreeMap<u8, Subscription>,
}

impl Book {
    fn note(&mut self, report: Report) {
        fn add<T: Join>(facts: &mut BTreeMap<u8, T>, id: u8, fact: T) {
            let known = facts.remove(&id);
            let joined = known.join(Some(fact));
            facts.extend(joined.map(|fact| (id, fact)));
        }
        match report {
            Report::Enrollment(id, fact) => add(&mut self.enrollments, id, fact),
            Report::Purchase(id, fact) => add(&mut self.purchases, id, fact),
            Report::Payment(id, fact) => add(&mut self.payments, id, fact),
            Report::Subscription(id, fact) => add(&mut self.subscriptions, id, fact),
        }
    }

    fn facts(&self) -> Facts {
        Facts {
            enrollments: self.enrollments.values().copied().collect(),
            purchases: self.purchases.values().copied().collect(),
            payments: self.payments.values().cloned().collect(),
            subscriptions: self.subscriptions.values().copied().collect(),
        }
    }

    fn timeline(&self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = self.enrollments.values().flat_map(Enrollment::timeline).collect();
        entries.extend(self.purchases.values().flat_map(Purchase::timeline));
        entries.extend(self.payments.values().flat_map(Payment::timeline));
        entries.extend(self.subscriptions.values().flat_map(Subscription::timeline));
        entries.sort();
        entries
    }
}

fn amounts_to(reports: impl IntoIterator<Item = Report>) -> Book {
    let mut book = Book::default();
    reports.into_iter().for_each(|report| book.note(report));
    book
}

/// Reports that often share the fact and the timestamp.
fn report() -> impl Strategy<Value = Report> {
    let id = 0..40_u8;
    let time = || (0..30_i64).prop_map(at);
    let currency =
        prop::sample::select(vec!["USD", "EUR", "JPY"]).prop_map(|code| Currency::parse(code).unwrap());
    let enrollment = (time(), time(), 0..=100_i64).prop_map(|(since, told, percent)| {
        let percent = Percent::parse(percent / 10 * 10).unwrap();
        Enrollment::new(since).with_progress(told, percent).with_access(told)
    });
    let paid = (time(), 0..900_i64, currency).prop_map(|(at, amount, currency)| Payment {
        paid: Some(Paid { at, amount, currency }),
        ..Payment::default()
    });
    let in_all = (time(), 0..900_i64)
        .prop_map(|(at, sum)| Payment { refunded_in_all: Some(Latest::new(at, sum)), ..Payment::default() });
    let kind = prop::sample::select(RefundKind::ALL.to_vec());
    let state = prop::sample::select(RefundState::ALL.to_vec());
    let single = (0..3_u8, kind, state, time(), time(), 0..500_i64).prop_map(
        |(name, kind, state, since, told, amount)| {
            let refund = Refund { kind, at: since, state: Latest::new(told, (state, amount)) };
            with(Payment::default(), &[(&format!("re_{name}"), refund)])
        },
    );
    let status = prop::sample::select(SubscriptionStatus::ALL.to_vec());
    let subscribed = (time(), status, time(), prop::option::of(time())).prop_map(
        |(told, status, started_at, period_end)| {
            let Subscription(Latest { value, .. }) = subscription(0, status);
            Subscription(Latest::new(told, State { started_at, period_end, ..value }))
        },
    );
    let payment = prop_oneof![paid, in_all, single];
    (id, enrollment, time(), payment, subscribed, 0..4).prop_map(
        |(id, enrollment, purchased_at, payment, subscription, kind)| match kind {
            0 => Report::Enrollment(id, enrollment),
            1 => Report::Purchase(id, Purchase { purchased_at }),
            2 => Report::Payment(id, payment),
            _ => Report::Subscription(id, subscription),
        },
    )
}

/// A list of reports, and a permutation of it with some reports repeated.
fn reports_and_others(n: usize) -> impl Strategy<Value = (Vec<Report>, Vec<Report>)> {
    prop::collection::vec(report(), n).prop_flat_map(|reports| {
        let again = prop::collection::vec(0..reports.len(), 0..=reports.len());
        let repeated = reports.clone();
        let other = again
            .prop_map(move |again| {
                let more = again.into_iter().map(|i| repeated[i].clone());
                repeated.iter().cloned().chain(more).collect::<Vec<_>>()
            })
            .prop_shuffle();
        (Just(reports), other)
    })
}

proptest! {
    #![proptest_config(Config { cases: 24, max_shrink_iters: 200, ..Config::default() })]

    #[test]
    fn any_permutation_and_repetition_of_5000_reports_amounts_to_the_same(
        (reports, others) in reports_and_others(5_000),
    ) {
        let (one, other) = (amounts_to(reports), amounts_to(others));
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(standing(&one.facts(), usd(), None), standing(&other.facts(), usd(), None));
        prop_assert_eq!(one.timeline(), other.timeline());
    }
}

proptest! {
    #[test]
    fn reports_of_one_fact_amount_to_the_same_however_they_are_grouped(
        (reports, others) in reports_and_others(8),
        cut in 0..8_usize,
    ) {
        // Few ids, so that many reports are about the same fact.
        let few = |reports: Vec<Report>| reports.into_iter().map(|report| match report {
            Report::Enrollment(id, fact) => Report::Enrollment(id % 2, fact),
            Report::Purchase(id, fact) => Report::Purchase(id % 2, fact),
            Report::Payment(id, fact) => Report::Payment(id % 2, fact),
            Report::Subscription(id, fact) => Report::Subscription(id % 2, fact),
        }).collect::<Vec<_>>();
        let (reports, others) = (few(reports), few(others));
        let whole = amounts_to(reports.clone());
        prop_assert_eq!(&whole, &amounts_to(others));
        let mut first = amounts_to(reports[..cut].to_vec());
        let rest = amounts_to(reports[cut..].to_vec());
        rest.enrollments.into_iter().for_each(|(id, fact)| first.note(Report::Enrollment(id, fact)));
        rest.purchases.into_iter().for_each(|(id, fact)| first.note(Report::Purchase(id, fact)));
        rest.payments.into_iter().for_each(|(id, fact)| first.note(Report::Payment(id, fact)));
        rest.subscriptions.into_iter().for_each(|(id, fact)| first.note(Report::Subscription(id, fact)));
        prop_assert_eq!(whole, first);
    }

    #[test]
    fn sums_are_never_below_zero_and_never_above_what_was_paid(
        reports in prop::collection::vec(report(), 1..60),
    ) {
        let facts = amounts_to(reports).facts();
        for payment in &facts.payments {
            let paid = payment.paid.map_or(0, |paid| paid.amount);
            prop_assert!((0..=paid).contains(&payment.kept()));
        }
        for sum in standing(&facts, usd(), None).kept.values() {
            prop_assert!(*sum >= 0);
        }
    }
}

#[test]
fn what_a_price_is_a_month_is_a_twelfth_of_a_year() {
    use super::Period::{Day, Month, Week, Year};
    for (period, count, amount, expected) in [
        (Month, 1, 1900, 1900),
        (Month, 3, 3000, 1000),
        (Year, 1, 12_000, 1000),
        (Year, 1, 10_000, 833),
        (Year, 2, 10_000, 417),
        (Week, 1, 700, 3044),
        (Day, 1, 100, 3044),
        (Day, 30, 100, 101),
        (Month, 1, 0, 0),
        // A zero interval is invalid: it counts as one.
        (Month, 0, 900, 900),
    ] {
        let monthly = crate::worth::minor_units(period.monthly(count, amount));
        assert_eq!(monthly, expected, "{amount} for {count} {period}");
    }
}
