//! Notes what an event says of a customer of a store.

use fanbase_domain::{
    facts::{Claim, Evidence, Join as _, Payment},
    ids::{CustomerId, PlanId, StoreId},
    stripe::{Hint, Notice, Report},
    time::Timestamp,
    wire::catalogue::ItemKind,
};
use sea_orm::DatabaseTransaction;

use crate::{
    catalogue::{
        Item,
        queries::{self, Which},
    },
    error::ApiError,
    facts::{
        ledger::Ledger,
        locks, paying,
        payments::{self, Told},
        purchases::{self, Stored},
        subscriptions,
    },
    subscriptions::service as platform_subscriptions,
};

/// Notes it, and makes the customer what their facts say then.
pub(super) async fn apply(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    notice: Notice,
    now: Timestamp,
) -> Result<(), ApiError> {
    hold(tx, store_id, &notice).await?;
    let mut ledger = Ledger::open(tx, store_id, now).await?;
    let item = item(tx, store_id, &notice.hint).await?;
    let sold = item.as_ref().and_then(|item| item.title.clone());
    let evidence = Evidence { at: notice.at, source: notice.source, detail: sold.clone() };
    let customer = match &notice.person {
        Some(person) => Some(ledger.person(person, &evidence).await?),
        None => None,
    };
    note_purchases(&mut ledger, &notice, customer, item.as_ref()).await?;
    note_payment(&mut ledger, &notice, customer, sold).await?;
    note_subscription(&mut ledger, &notice, customer, item.as_ref()).await?;
    ledger.close().await
}

/// By the names under which platforms report the same as well.
async fn hold(tx: &DatabaseTransaction, store_id: StoreId, notice: &Notice) -> Result<(), ApiError> {
    let mut names: Vec<String> = notice.payment.iter().map(|name| paying::lock_name(name)).collect();
    names.extend(notice.subscription.iter().map(|name| platform_subscriptions::lock_name(name)));
    names.extend(notice.person.iter().map(|person| person.email.key().to_string()));
    for report in &notice.reports {
        match report {
            Report::Purchase(reference) => names.push(format!("purchase {reference}")),
            Report::Refund(reference, _) => names.push(format!("refund {reference}")),
            _ => {}
        }
    }
    locks::hold(tx, store_id, names.iter().map(String::as_str)).await?;
    Ok(())
}

/// What of the catalogue an event is about: what the metadata name, else what is sold by its price.
async fn item(tx: &DatabaseTransaction, store_id: StoreId, hint: &Hint) -> Result<Option<Item>, ApiError> {
    for (kind, reference) in
        [(ItemKind::Product, &hint.product), (ItemKind::Course, &hint.course), (ItemKind::Plan, &hint.plan)]
    {
        if let Some(reference) = reference {
            let found = queries::find(tx, store_id, kind, Which::Reference(reference), false).await?;
            if let Some(found) = found {
                return Ok(Some(Item::of(kind, &found)));
            }
        }
    }
    Ok(queries::of_prices(tx, store_id, &hint.prices).await?)
}

async fn note_purchases(
    ledger: &mut Ledger<'_>,
    notice: &Notice,
    customer: Option<CustomerId>,
    item: Option<&Item>,
) -> Result<(), ApiError> {
    let Some(customer) = customer else { return Ok(()) };
    for report in &notice.reports {
        if let Report::Purchase(reference) = report {
            let mut told = Stored::new(reference.clone(), customer, item, notice.at);
            told.payment_name = notice.payment.first().cloned();
            let known = purchases::find(ledger.tx(), ledger.store_id(), reference).await?;
            purchases::note(ledger, known, told).await?;
        }
    }
    Ok(())
}

async fn note_payment(
    ledger: &mut Ledger<'_>,
    notice: &Notice,
    customer: Option<CustomerId>,
    sold: Option<String>,
) -> Result<(), ApiError> {
    let mut payment = Payment::default();
    for report in &notice.reports {
        let said = match report.clone() {
            Report::Paid(paid) => Payment { paid: Some(paid), ..Payment::default() },
            Report::RefundedInAll(told) => Payment { refunded_in_all: Some(told), ..Payment::default() },
            Report::Refund(reference, refund) => {
                Payment { refunds: [(reference, refund)].into(), ..Payment::default() }
            }
            Report::Purchase(_) | Report::Claim | Report::State(_) => continue,
        };
        payment = payment.join(said);
    }
    // One name alone, and nothing about it, is no news.
    if payment == Payment::default() && notice.payment.len() < 2 {
        return Ok(());
    }
    let is_paid = payment.paid.is_some();
    let told = Told {
        names: notice.payment.clone(),
        customer: customer.filter(|_| is_paid),
        subscription: notice.subscription.clone(),
        title: sold.or_else(|| notice.hint.title.clone()).filter(|_| is_paid),
        payment,
    };
    payments::note(ledger, told).await.map(drop)
}

async fn note_subscription(
    ledger: &mut Ledger<'_>,
    notice: &Notice,
    customer: Option<CustomerId>,
    item: Option<&Item>,
) -> Result<(), ApiError> {
    let Some(reference) = &notice.subscription else { return Ok(()) };
    let mut told = subscriptions::Stored::new(reference.clone());
    for report in &notice.reports {
        match report {
            Report::Claim => {
                let key = notice.person.as_ref().map(|person| person.email.key().clone());
                told.claim = key.zip(customer).map(|(key, id)| (Claim { at: notice.at, key }, id));
            }
            Report::State(subscription) => told.subscription = Some(*subscription),
            _ => {}
        }
    }
    told.title = item.and_then(|item| item.title.clone());
    told.plan = item.and_then(|item| item.which).and_then(|(kind, id)| {
        let is_plan = kind == ItemKind::Plan;
        is_plan.then(|| PlanId::new(id))
    });
    let which = subscriptions::Which::Reference(reference);
    let known = subscriptions::find(ledger.tx(), ledger.store_id(), which).await?;
    subscriptions::note(ledger, known, told).await.map(drop)
}
