//! Converts Stripe objects to reports.

use serde_json::Value;

use super::{
    Hint, Notice, Report, StripeError,
    fields::{amount, clean, currency, entries, hint, id, person, price, price_of, seconds, text},
};
use crate::{
    facts::{
        Latest, Paid, Period, Person, Refund, RefundKind, RefundState, State, Subscription,
        SubscriptionStatus, Terms,
    },
    source::Source,
    time::Timestamp,
};

fn notice(at: Timestamp, source: Source, hint: Hint) -> Notice {
    Notice {
        at,
        source,
        payment: Vec::new(),
        subscription: None,
        stripe_customer: None,
        person: None,
        hint,
        reports: Vec::new(),
    }
}

/// The customer of an object, if it is expanded (more than an id).
fn customer(object: &Value) -> Option<Person> {
    person(&object["customer"]["email"], &object["customer"]["name"])
}

/// A completed checkout session. With a delayed payment it has no report yet; a later event has it once
/// the payment succeeded.
pub(super) fn session(object: &Value, at: Timestamp) -> Result<Option<Notice>, StripeError> {
    let session = text(object, "id").ok_or(StripeError::Missing("data.object.id"))?;
    let details = &object["customer_details"];
    let email = if details["email"].is_string() { &details["email"] } else { &object["customer_email"] };
    let person = person(email, &details["name"]).or_else(|| customer(object));
    let stripe_customer = id(&object["customer"]);
    let mut hint = hint([&object["metadata"]]);
    hint.prices.extend(entries(&object["line_items"]).filter_map(price));
    let notice = match (object["mode"].as_str(), object["payment_status"].as_str()) {
        (Some("payment"), Some("paid" | "no_payment_required")) => {
            let paid = Paid { at, amount: amount(object, "amount_total")?, currency: currency(object)? };
            let names = [id(&object["payment_intent"]), id(&object["invoice"]), Some(session.clone())];
            Notice {
                payment: names.into_iter().flatten().collect(),
                stripe_customer,
                person,
                reports: vec![Report::Purchase(session), Report::Paid(paid)],
                ..notice(at, Source::StripePurchase, hint)
            }
        }
        (Some("subscription"), _) => {
            let subscription = id(&object["subscription"]).ok_or(StripeError::Missing("subscription"))?;
            Notice {
                subscription: Some(subscription),
                stripe_customer,
                person,
                ..notice(at, Source::Subscription, hint)
            }
        }
        // Delayed payments, and cards saved for later.
        (Some("payment" | "setup"), _) => return Ok(None),
        _ => return Err(StripeError::Missing("mode")),
    };
    owned(notice).map(Some)
}

/// Requires a possible owner: a person, or a subscription or Stripe customer whose owner is known or
/// named by another event.
///
/// # Errors
/// [`StripeError::NoAddress`] without any of them.
fn owned(notice: Notice) -> Result<Notice, StripeError> {
    let is_owned =
        notice.person.is_some() || notice.subscription.is_some() || notice.stripe_customer.is_some();
    if is_owned { Ok(notice) } else { Err(StripeError::NoAddress) }
}

/// A paid invoice, for a subscription or not.
pub(super) fn invoice(object: &Value, at: Timestamp) -> Result<Notice, StripeError> {
    let invoice = text(object, "id").ok_or(StripeError::Missing("data.object.id"))?;
    let parent = &object["parent"]["subscription_details"];
    let subscription = id(&object["subscription"]).or_else(|| id(&parent["subscription"]));
    let lines: Vec<&Value> = entries(&object["lines"]).collect();
    let metadata = [&object["metadata"], &object["subscription_details"]["metadata"], &parent["metadata"]];
    let mut hint = hint(metadata.into_iter().chain(lines.iter().map(|line| &line["metadata"])));
    hint.prices.extend(lines.iter().filter_map(|line| price(line)));
    hint.title = lines.first().and_then(|line| text(line, "description"));
    let mut names = vec![invoice];
    names.extend([&object["payment_intent"], &object["charge"]].into_iter().filter_map(id));
    for payment in entries(&object["payments"]) {
        let payment = &payment["payment"];
        names.extend([&payment["payment_intent"], &payment["charge"]].into_iter().filter_map(id));
    }
    let source = if subscription.is_some() { Source::Subscription } else { Source::StripePurchase };
    let paid = Paid {
        at: seconds(&object["status_transitions"]["paid_at"]).unwrap_or(at),
        amount: amount(object, "amount_paid")?,
        currency: currency(object)?,
    };
    let mut reports = Vec::new();
    // An invoice with a zero amount, as for a trial, is not a payment.
    if paid.amount > 0 {
        reports.push(Report::Paid(paid));
    }
    let person = person(&object["customer_email"], &object["customer_name"]).or_else(|| customer(object));
    let stripe_customer = id(&object["customer"]);
    let notice = notice(at, source, hint);
    owned(Notice { payment: names, subscription, stripe_customer, person, reports, ..notice })
}

/// The payment of an invoice: since API version "basil" only this object connects them.
pub(super) fn invoice_payment(object: &Value, at: Timestamp) -> Option<Notice> {
    let payment = &object["payment"];
    let names = [&object["invoice"], &payment["payment_intent"], &payment["charge"]];
    let payment: Vec<String> = names.into_iter().filter_map(id).collect();
    let says_something = payment.len() > 1;
    says_something.then(|| Notice { payment, ..notice(at, Source::StripePurchase, Hint::default()) })
}

/// The state of a subscription at the event.
pub(super) fn subscription(object: &Value, at: Timestamp, is_deleted: bool) -> Result<Notice, StripeError> {
    let subscription = text(object, "id").ok_or(StripeError::Missing("data.object.id"))?;
    let items: Vec<&Value> = entries(&object["items"]).collect();
    let mut hint = hint([&object["metadata"]]);
    hint.prices.extend(items.iter().filter_map(|item| price(item)));
    let status = object["status"].as_str().and_then(SubscriptionStatus::parse);
    let status = status.ok_or(StripeError::Missing("status"))?;
    let ends = items.iter().filter_map(|item| seconds(&item["current_period_end"]));
    let started_at = seconds(&object["start_date"]).or_else(|| seconds(&object["created"]));
    // Collection can be paused without a change of the status; only this field shows it.
    let is_paused = object["pause_collection"].is_object() && status.is_running();
    let state = State {
        status: match status {
            status if is_deleted && !status.is_final() => SubscriptionStatus::Canceled,
            _ if is_paused => SubscriptionStatus::Paused,
            status => status,
        },
        period_end: seconds(&object["current_period_end"]).or_else(|| ends.max()),
        cancel_at_period_end: object["cancel_at_period_end"].as_bool() == Some(true)
            || seconds(&object["cancel_at"]).is_some(),
        started_at: started_at.ok_or(StripeError::Missing("start_date"))?,
        ended_at: seconds(&object["ended_at"]),
        terms: Terms::sum(items.iter().filter_map(|item| terms(item))),
    };
    let person = customer(object);
    let reports = vec![Report::State(Subscription(Latest::new(at, state)))];
    Ok(Notice {
        subscription: Some(subscription),
        stripe_customer: id(&object["customer"]),
        person,
        reports,
        ..notice(at, Source::Subscription, hint)
    })
}

fn terms(item: &Value) -> Option<Terms> {
    let price = &item["price"];
    let recurring = &price["recurring"];
    let count = recurring["interval_count"].as_i64().unwrap_or(1);
    let quantity = item["quantity"].as_i64().unwrap_or(1);
    Some(Terms {
        amount: price_of(price, quantity)?,
        currency: currency(price).ok()?,
        interval: Period::parse(recurring["interval"].as_str()?)?,
        interval_count: count.max(1),
    })
}

fn names_of_payment(object: &Value, charge: &Value) -> Result<Vec<String>, StripeError> {
    let names = [&object["payment_intent"], charge, &object["invoice"]];
    let names: Vec<String> = names.into_iter().filter_map(id).collect();
    if names.is_empty() { Err(StripeError::Missing("payment_intent")) } else { Ok(names) }
}

/// A charge with refunds. It has the total, and before API version 2022-11-15 the single refunds too.
pub(super) fn charge(object: &Value, at: Timestamp) -> Result<Notice, StripeError> {
    let in_all = Latest::new(at, amount(object, "amount_refunded")?);
    let mut reports = vec![Report::RefundedInAll(in_all)];
    for refund in entries(&object["refunds"]) {
        reports.push(refund_report(refund, at)?);
    }
    Ok(Notice {
        payment: names_of_payment(object, &object["id"])?,
        reports,
        ..notice(at, Source::StripePurchase, hint([&object["metadata"]]))
    })
}

/// The state of a refund at the event.
pub(super) fn refund(object: &Value, at: Timestamp) -> Result<Notice, StripeError> {
    Ok(Notice {
        payment: names_of_payment(object, &object["charge"])?,
        reports: vec![refund_report(object, at)?],
        ..notice(at, Source::StripePurchase, hint([&object["metadata"]]))
    })
}

fn refund_report(object: &Value, at: Timestamp) -> Result<Report, StripeError> {
    let state = match object["status"].as_str() {
        Some("failed" | "canceled") => RefundState::Void,
        // Old refunds have no status. Pending refunds count as made.
        _ => RefundState::Standing,
    };
    give_back(object, at, RefundKind::Refund, state)
}

/// The state of a dispute at the event. While it is open, the payment counts in full.
pub(super) fn dispute(object: &Value, at: Timestamp) -> Result<Notice, StripeError> {
    let state = match object["status"].as_str() {
        Some("lost") => RefundState::Standing,
        Some("won" | "warning_closed" | "prevented" | "charge_refunded") => RefundState::Void,
        Some(_) => RefundState::Open,
        None => return Err(StripeError::Missing("status")),
    };
    Ok(Notice {
        payment: names_of_payment(object, &object["charge"])?,
        reports: vec![give_back(object, at, RefundKind::Dispute, state)?],
        ..notice(at, Source::StripePurchase, hint([&object["metadata"]]))
    })
}

fn give_back(
    object: &Value,
    at: Timestamp,
    kind: RefundKind,
    state: RefundState,
) -> Result<Report, StripeError> {
    let reference = object["id"].as_str().and_then(clean).ok_or(StripeError::Missing("data.object.id"))?;
    let since = seconds(&object["created"]).unwrap_or(at);
    let state = Latest::new(at, (state, amount(object, "amount")?));
    Ok(Report::Refund(reference, Refund { kind, at: since, state }))
}
