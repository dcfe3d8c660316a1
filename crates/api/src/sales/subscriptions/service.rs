//! Records subscriptions and their state.

use fanbase_domain::{
    facts::{Claim, Evidence, Latest, State, Subscription, Terms},
    ids::{PlanId, StoreId, SubscriptionId},
    source::Source,
    time::Timestamp,
    wire::{
        audit::AuditAction,
        catalogue::{ItemKind, ItemResponse, PriceResponse},
        subscriptions::{NewSubscription, SubscriptionPatch, SubscriptionResponse},
    },
};
use sea_orm::DatabaseTransaction;

use crate::{
    db::{Db, audit_log::Entry, transaction},
    error::ApiError,
    sales::{
        catalogue,
        facts::{
            fact_writer::{Ledger, Wanted},
            locks,
            payment_reports::{self, For},
            subscriptions::{self, Stored},
        },
    },
};

/// The name under which a subscription is locked.
#[must_use]
pub fn lock_name(reference: &str) -> String {
    format!("subscription {reference}")
}

/// Records a subscription; also returns whether it is new.
///
/// # Errors
/// `ApiError::Conflict` when a subscription of this reference belongs to another customer.
pub async fn create(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    new: NewSubscription,
    now: Timestamp,
) -> Result<(SubscriptionResponse, bool), ApiError> {
    let mut names = vec![lock_name(&new.reference), new.person.email.key().to_string()];
    names.extend(new.payment.as_ref().map(|payment| payment_reports::lock_name(&payment.reference)));
    names
        .extend(new.plan.as_ref().map(|plan| catalogue::service::lock_name(ItemKind::Plan, &plan.reference)));
    locks::hold(tx, names.iter().map(String::as_str)).await?;
    let mut ledger = Ledger::open(tx, store_id, now).await?;
    let plan = match &new.plan {
        Some(plan) => Some(catalogue::service::ensure(tx, store_id, ItemKind::Plan, plan, now).await?),
        None => None,
    };
    ledger.read(&wanted(&new)).await?;
    let before = ledger.subscription(&new.reference).cloned().and_then(|known| response(known, true));
    let stored = note(&mut ledger, new, plan, now)?;
    ledger.close().await?;
    let after = answered(stored)?;
    log(tx, store_id, before.as_ref(), &after).await?;
    Ok((after, before.is_none()))
}

/// Keys to load before a subscription is recorded.
#[must_use]
pub fn wanted(new: &NewSubscription) -> Wanted<'_> {
    Wanted {
        people: [new.person.email.key()].into(),
        subscriptions: [new.reference.as_str()].into(),
        payments: new.payment.iter().map(|payment| payment.reference.as_str()).collect(),
        ..Wanted::default()
    }
}

/// Records a subscription to a plan, and its payment.
///
/// # Errors
/// `ApiError::Conflict` when a subscription of this reference belongs to another customer, or a payment of
/// its reference has another amount.
pub fn note(
    ledger: &mut Ledger<'_>,
    new: NewSubscription,
    plan: Option<ItemResponse>,
    now: Timestamp,
) -> Result<Stored, ApiError> {
    let known = ledger.subscription(&new.reference).cloned();
    let known_since = known.as_ref().and_then(|known| known.subscription).map(|one| one.state().started_at);
    let started_at = new.started_at.or(known_since).unwrap_or(now);
    let title = plan.as_ref().map(|plan| plan.title.clone());
    let evidence = Evidence { at: started_at, source: Source::Subscription, detail: title.clone() };
    let customer = ledger.person(&new.person, &evidence);
    if known.as_ref().and_then(Stored::customer).is_some_and(|known| known != customer) {
        return Err(ApiError::Conflict("There is a subscription of this reference of somebody else."));
    }
    let terms = terms(ledger, &new, plan.as_ref());
    let claim = Claim { at: started_at, key: new.person.email.key().clone() };
    let state = State {
        status: new.status,
        period_end: new.period_end,
        cancel_at_period_end: new.cancel_at_period_end,
        started_at,
        ended_at: new.ended_at,
        terms,
    };
    let told = Stored {
        claim: Some((claim, customer)),
        plan: plan.map(|plan| PlanId::new(plan.id)),
        title: title.clone(),
        // Dated at the start of the subscription, so that it does not override states reported since.
        subscription: Some(Subscription(Latest::new(new.as_of.unwrap_or(started_at), state))),
        ..Stored::new(new.reference.clone())
    };
    let stored = ledger.note_subscription(told);
    if let Some(payment) = new.payment {
        let what = For { customer, title, subscription: Some(new.reference), at: started_at };
        payment_reports::note(ledger, payment, what)?;
    }
    Ok(stored)
}

/// The price and interval: those of the report, else those of the plan.
fn terms(ledger: &Ledger<'_>, new: &NewSubscription, plan: Option<&ItemResponse>) -> Option<Terms> {
    let told = new.price.map(|price| catalogue::service::price(price, ledger.currency()));
    let price = told.or_else(|| plan.and_then(|plan| plan.price))?;
    let planned = plan.and_then(|plan| plan.interval.zip(plan.interval_count));
    let told = new.interval.map(|interval| (interval, new.interval_count));
    let (interval, interval_count) = told.or(planned).unwrap_or((fanbase_domain::facts::Period::Month, 1));
    Some(Terms { amount: price.amount, currency: price.currency, interval, interval_count })
}

/// Records a change of a subscription's state.
///
/// # Errors
/// `ApiError::NotFound` when there is no such subscription, or its owner or state is unknown.
pub async fn patch(
    db: &Db,
    store_id: StoreId,
    id: SubscriptionId,
    patch: SubscriptionPatch,
    now: Timestamp,
) -> Result<SubscriptionResponse, ApiError> {
    transaction::write(db, |tx| {
        Box::pin(async move {
            let reference = subscriptions::reference_of(tx, store_id, id).await?;
            let reference = reference.ok_or(ApiError::NotFound("subscription"))?;
            let mut ledger = Ledger::open(tx, store_id, now).await?;
            let subscriptions = [reference.as_str()].into();
            ledger.read(&Wanted { subscriptions, ..Wanted::default() }).await?;
            let known = ledger.subscription(&reference).cloned();
            let known = known.ok_or(ApiError::NotFound("subscription"))?;
            let state = *known.subscription.as_ref().ok_or(ApiError::NotFound("subscription"))?.state();
            let before = answered(known.clone())?;
            let mut changed = State {
                status: patch.status.unwrap_or(state.status),
                period_end: patch.period_end.unwrap_or(state.period_end),
                cancel_at_period_end: patch.cancel_at_period_end.unwrap_or(state.cancel_at_period_end),
                ended_at: patch.ended_at.unwrap_or(state.ended_at),
                ..state
            };
            let as_of = patch.as_of.unwrap_or(now);
            if changed.status.is_final() && changed.ended_at.is_none() {
                changed.ended_at = Some(as_of);
            }
            let mut told = known.clone();
            // A repeated state without `as_of` does not update the time of the state.
            if changed != state || patch.as_of.is_some() {
                told.subscription = Some(Subscription(Latest::new(as_of, changed)));
            }
            let stored = ledger.note_subscription(told);
            ledger.close().await?;
            let after = answered(stored)?;
            log(tx, store_id, Some(&before), &after).await?;
            Ok(after)
        })
    })
    .await
}

async fn log(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    before: Option<&SubscriptionResponse>,
    after: &SubscriptionResponse,
) -> Result<(), ApiError> {
    let entry = |action| Entry::of_store(store_id, action).to(after.customer_id.uuid());
    match before {
        None => entry(AuditAction::SubscriptionCreated).after(after)?.record(tx).await,
        Some(before) if before == after => Ok(()),
        Some(before) => entry(AuditAction::SubscriptionUpdated).changed(before, after)?.record(tx).await,
    }
}

fn answered(stored: Stored) -> Result<SubscriptionResponse, ApiError> {
    response(stored, true).ok_or(ApiError::NotFound("subscription"))
}

/// Maps a subscription to the response, with amounts if `sees_money`; `None` while its owner or its state is
/// unknown.
#[must_use]
pub fn response(stored: Stored, sees_money: bool) -> Option<SubscriptionResponse> {
    let customer_id = stored.customer()?;
    let Stored { id, reference, claim: _, stripe_customer: _, plan, title, subscription } = stored;
    let State { status, period_end, cancel_at_period_end, started_at, ended_at, terms } =
        *subscription?.state();
    let price = terms.map(|terms| PriceResponse { amount: terms.amount, currency: terms.currency });
    Some(SubscriptionResponse {
        id,
        reference,
        customer_id,
        plan_id: plan,
        plan_title: title,
        status,
        started_at,
        current_period_end: period_end,
        cancel_at_period_end,
        ended_at,
        price: price.filter(|_| sees_money),
        interval: terms.map(|terms| terms.interval),
        interval_count: terms.map(|terms| terms.interval_count),
    })
}
