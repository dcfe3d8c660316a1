//! Records purchases and refunds.

use std::collections::BTreeMap;

use fanbase_domain::{
    facts::{Evidence, Latest, Payment, Refund, RefundKind, RefundState},
    ids::StoreId,
    source::Source,
    time::Timestamp,
    wire::{
        audit::AuditAction,
        catalogue::PriceResponse,
        purchases::{NewPurchase, NewRefund, PaymentResponse, PurchaseResponse, RefundResponse},
    },
};
use sea_orm::DatabaseTransaction;

use crate::{
    db::audit_log::Entry,
    error::ApiError,
    sales::{
        catalogue::{self, Item},
        facts::{
            fact_writer::{Ledger, Wanted},
            locks,
            payment_reports::{self, For},
            payments::{self, Told},
            purchases::Stored,
        },
    },
};

/// Records a purchase; also returns whether it is new.
///
/// # Errors
/// `ApiError::Conflict` when another purchase has this reference, or the payment is known with another
/// amount.
pub async fn create(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    new: NewPurchase,
    now: Timestamp,
) -> Result<(PurchaseResponse, bool), ApiError> {
    let mut names = vec![format!("purchase {}", new.reference), new.person.email.key().to_string()];
    names.extend(new.payment.as_ref().map(|payment| payment_reports::lock_name(&payment.reference)));
    if let Some((kind, name)) = &new.item {
        names.push(catalogue::service::lock_name(*kind, &name.reference));
    }
    locks::hold(tx, names.iter().map(String::as_str)).await?;
    let mut ledger = Ledger::open(tx, store_id, now).await?;
    let item = match &new.item {
        Some((kind, name)) => {
            let entry = catalogue::service::ensure(tx, store_id, *kind, name, now).await?;
            Item::of(*kind, &entry)
        }
        None => Item { which: None, title: new.title.clone() },
    };
    ledger.read(&wanted(&new)).await?;
    let is_new = ledger.purchase(&new.reference).is_none();
    let stored = note(&mut ledger, new, item, now)?;
    ledger.close().await?;
    let customer = stored.customer;
    let purchase = response(stored);
    if is_new {
        let entry = Entry::of_store(store_id, AuditAction::PurchaseCreated).to(customer.uuid());
        entry.after(&purchase)?.record(tx).await?;
    }
    Ok((purchase, is_new))
}

/// Keys to load before a purchase is recorded.
#[must_use]
pub fn wanted(new: &NewPurchase) -> Wanted<'_> {
    Wanted {
        people: [new.person.email.key()].into(),
        purchases: [new.reference.as_str()].into(),
        payments: new.payment.iter().map(|payment| payment.reference.as_str()).collect(),
        ..Wanted::default()
    }
}

/// Records a purchase of an item, and its payment.
///
/// # Errors
/// `ApiError::Conflict` when another purchase has this reference, or the payment is known with another
/// amount.
pub fn note(
    ledger: &mut Ledger<'_>,
    new: NewPurchase,
    item: Item,
    now: Timestamp,
) -> Result<Stored, ApiError> {
    let known = ledger.purchase(&new.reference).cloned();
    let known_since = known.as_ref().map(|known| known.purchase.purchased_at);
    let purchased_at = new.purchased_at.or(known_since).unwrap_or(now);
    let evidence = Evidence { at: purchased_at, source: Source::Api, detail: item.title.clone() };
    let customer = ledger.person(&new.person, &evidence);
    let payment_name = new.payment.as_ref().map(|payment| payment.reference.clone());
    let mut told = Stored::new(new.reference, customer, Some(&item), purchased_at);
    told.payment_name.clone_from(&payment_name);
    if let Some(known) = &known {
        told.id = known.id;
        let same = Stored {
            payment_name: payment_name.or_else(|| known.payment_name.clone()),
            item: told.item.or(known.item),
            title: told.title.clone().or_else(|| known.title.clone()),
            stripe_customer: known.stripe_customer.clone(),
            ..told.clone()
        };
        if *known != same {
            return Err(ApiError::Conflict(
                "There is another purchase of this reference. What was bought does not change: report a refund.",
            ));
        }
    }
    let stored = ledger.note_purchase(told);
    if let Some(payment) = new.payment {
        let what = For { customer, title: stored.title.clone(), subscription: None, at: purchased_at };
        payment_reports::note(ledger, payment, what)?;
    }
    Ok(stored)
}

/// Records a refund; also returns whether it is new. Its payment may be reported later.
///
/// # Errors
/// `ApiError::Conflict` when another refund has this reference.
pub async fn refund(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    new: NewRefund,
    now: Timestamp,
) -> Result<(RefundResponse, bool), ApiError> {
    let names = [payment_reports::lock_name(&new.payment), format!("refund {}", new.reference)];
    locks::hold(tx, names.iter().map(String::as_str)).await?;
    let mut ledger = Ledger::open(tx, store_id, now).await?;
    ledger.read(&Wanted { payments: [new.payment.as_str()].into(), ..Wanted::default() }).await?;
    let payment = ledger.payment(&new.payment);
    let known = payments::find_refund(tx, store_id, &new.reference).await?;
    if let Some((payment_id, refund)) = known {
        let is_same = payment.as_ref().is_some_and(|payment| payment.id == payment_id)
            && refund.state.value.1 == new.amount
            && new.refunded_at.is_none_or(|at| at == refund.at);
        if !is_same {
            return Err(ApiError::Conflict("There is another refund of this reference."));
        }
        return Ok((refund_response(new.reference, payment_id, &refund), false));
    }
    let reference = new.reference.clone();
    let (payment, refund) = note_refund(&mut ledger, new, now);
    ledger.close().await?;
    let refund = refund_response(reference, payment.id, &refund);
    let subject = payment.customer.map_or_else(|| payment.id.uuid(), |customer| customer.uuid());
    let entry = Entry::of_store(store_id, AuditAction::RefundCreated).to(subject);
    entry.after(&refund)?.record(tx).await?;
    Ok((refund, true))
}

/// Records a refund of a payment.
pub fn note_refund(ledger: &mut Ledger<'_>, new: NewRefund, now: Timestamp) -> (payments::Stored, Refund) {
    let at = new.refunded_at.unwrap_or(now);
    let refund =
        Refund { kind: RefundKind::Refund, at, state: Latest::new(at, (RefundState::Standing, new.amount)) };
    let told = Told {
        names: vec![new.payment],
        payment: Payment { refunds: BTreeMap::from([(new.reference, refund)]), ..Payment::default() },
        ..Told::default()
    };
    (ledger.note_payment(told), refund)
}

/// Maps a purchase to the response.
#[must_use]
pub fn response(stored: Stored) -> PurchaseResponse {
    let Stored { id, reference, customer, item, title, payment_name, stripe_customer: _, purchase } = stored;
    let (item_type, item_id) = item.unzip();
    PurchaseResponse {
        id,
        reference,
        customer_id: customer,
        item_type,
        item_id,
        title,
        payment_reference: payment_name,
        purchased_at: purchase.purchased_at,
    }
}

fn refund_response(
    reference: String,
    payment_id: fanbase_domain::ids::PaymentId,
    refund: &Refund,
) -> RefundResponse {
    let (state, amount) = refund.state.value;
    RefundResponse {
        reference,
        payment_id,
        r#type: refund.kind,
        state,
        amount: Some(amount),
        refunded_at: refund.at,
    }
}

/// Maps a payment to the response, with amounts if `sees_money`; `None` while the paid amount is unknown.
#[must_use]
pub fn payment_response(stored: payments::Stored, sees_money: bool) -> Option<PaymentResponse> {
    let payments::Stored { id, customer: _, subscription, stripe_customer: _, title, payment } = stored;
    let paid = payment.paid?;
    let refunded = payment.refunded();
    let refunds = payment.refunds.iter().map(|(reference, refund)| {
        let refund = refund_response(reference.clone(), id, refund);
        RefundResponse { amount: refund.amount.filter(|_| sees_money), ..refund }
    });
    Some(PaymentResponse {
        id,
        title,
        subscription_reference: subscription,
        paid: sees_money.then_some(PriceResponse { amount: paid.amount, currency: paid.currency }),
        refunded: sees_money.then_some(refunded),
        paid_at: paid.at,
        refunds: refunds.collect(),
    })
}
