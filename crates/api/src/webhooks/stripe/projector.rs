//! Projects events to facts about a store's customers.

use std::{collections::BTreeSet, sync::Arc};

use fanbase_domain::{
    facts::{Claim, Evidence, Join as _, Payment},
    ids::{CustomerId, PlanId, StoreId},
    stripe::{Notice, Report},
    time::Timestamp,
    wire::catalogue::ItemKind,
};
use sea_orm::DatabaseTransaction;

use crate::{
    error::ApiError,
    request_context::{self, Context},
    sales::{
        catalogue::{Item, queries::Sold},
        facts::{
            fact_writer::{Ledger, Wanted},
            owners::Payer,
            payment_reports,
            payments::Told,
            purchases::Stored,
            subscriptions,
        },
        subscriptions::service as platform_subscriptions,
    },
};

/// The content of an event, and the request that delivered it.
pub(super) type Said<'a> = (&'a Notice, Option<Arc<Context>>);

/// Records the facts of events, and derives the state of the customers they concern. The caller must hold the
/// locks on their [`names`].
pub(super) async fn apply(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    said: &[Said<'_>],
    now: Timestamp,
) -> Result<(), ApiError> {
    let mut ledger = Ledger::open(tx, store_id, now).await?;
    let sold = Sold::read(tx, store_id, said.iter().map(|(notice, _)| &notice.hint)).await?;
    ledger.read(&wanted(said)).await?;
    for (notice, request) in said {
        // Audit entries are attributed to the request that delivered the event.
        request_context::within_sync(request.clone(), || note(&mut ledger, notice, sold.of(&notice.hint)));
    }
    ledger.close().await
}

fn wanted<'a>(said: &[Said<'a>]) -> Wanted<'a> {
    let mut wanted = Wanted::default();
    for (notice, _) in said {
        wanted.people.extend(notice.person.iter().map(|person| person.email.key()));
        wanted.payments.extend(notice.payment.iter().map(String::as_str));
        wanted.subscriptions.extend(notice.subscription.as_deref());
        wanted.stripe_customers.extend(notice.stripe_customer.as_deref());
        wanted.purchases.extend(notice.reports.iter().filter_map(|report| match report {
            Report::Purchase(reference) => Some(reference.as_str()),
            _ => None,
        }));
    }
    wanted
}

/// The lock names of an event: those under which platforms report the same facts, and its own, which
/// serialise related events.
pub(super) fn names(notice: &Notice) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = notice.names().map(str::to_owned).collect();
    names.extend(notice.payment.iter().map(|name| payment_reports::lock_name(name)));
    names.extend(notice.subscription.iter().map(|name| platform_subscriptions::lock_name(name)));
    names.extend(notice.person.iter().map(|person| person.email.key().to_string()));
    names.extend(notice.stripe_customer.iter().map(|name| format!("stripe customer {name}")));
    for report in &notice.reports {
        match report {
            Report::Purchase(reference) => drop(names.insert(format!("purchase {reference}"))),
            Report::Refund(reference, _) => drop(names.insert(format!("refund {reference}"))),
            _ => {}
        }
    }
    names
}

fn note(ledger: &mut Ledger<'_>, notice: &Notice, item: Option<&Item>) {
    let sold = item.and_then(|item| item.title.clone());
    let evidence = Evidence { at: notice.at, source: notice.source, detail: sold.clone() };
    let payer = Payer {
        stripe_customer: notice.stripe_customer.as_deref(),
        subscription: notice.subscription.as_deref(),
    };
    let owner = ledger.owner(payer, notice.person.as_ref(), &evidence);
    let customer = owner.as_ref().map(|(_, customer)| *customer);
    note_purchases(ledger, notice, customer, item);
    note_payment(ledger, notice, customer, sold);
    note_subscription(ledger, notice, owner, item);
}

fn note_purchases(
    ledger: &mut Ledger<'_>,
    notice: &Notice,
    customer: Option<CustomerId>,
    item: Option<&Item>,
) {
    let Some(customer) = customer else { return };
    for report in &notice.reports {
        if let Report::Purchase(reference) = report {
            let mut told = Stored::new(reference.clone(), customer, item, notice.at);
            told.payment_name = notice.payment.first().cloned();
            told.stripe_customer.clone_from(&notice.stripe_customer);
            ledger.note_purchase(told);
        }
    }
}

fn note_payment(
    ledger: &mut Ledger<'_>,
    notice: &Notice,
    customer: Option<CustomerId>,
    sold: Option<String>,
) {
    let mut payment = Payment::default();
    for report in &notice.reports {
        let said = match report.clone() {
            Report::Paid(paid) => Payment { paid: Some(paid), ..Payment::default() },
            Report::RefundedInAll(told) => Payment { refunded_in_all: Some(told), ..Payment::default() },
            Report::Refund(reference, refund) => {
                Payment { refunds: [(reference, refund)].into(), ..Payment::default() }
            }
            Report::Purchase(_) | Report::State(_) => continue,
        };
        payment = payment.join(said);
    }
    // A single payment name without any fact adds nothing.
    if payment == Payment::default() && notice.payment.len() < 2 {
        return;
    }
    let is_paid = payment.paid.is_some();
    ledger.note_payment(Told {
        names: notice.payment.clone(),
        customer: customer.filter(|_| is_paid),
        subscription: notice.subscription.clone(),
        stripe_customer: notice.stripe_customer.clone().filter(|_| is_paid),
        title: sold.or_else(|| notice.hint.title.clone()).filter(|_| is_paid),
        payment,
    });
}

fn note_subscription(
    ledger: &mut Ledger<'_>,
    notice: &Notice,
    owner: Option<(Claim, CustomerId)>,
    item: Option<&Item>,
) {
    let Some(reference) = &notice.subscription else { return };
    let mut told = subscriptions::Stored::new(reference.clone());
    (told.claim, told.stripe_customer) = (owner, notice.stripe_customer.clone());
    for report in &notice.reports {
        if let Report::State(subscription) = report {
            told.subscription = Some(*subscription);
        }
    }
    told.title = item.and_then(|item| item.title.clone());
    told.plan = item.and_then(|item| item.which).and_then(|(kind, id)| {
        let is_plan = kind == ItemKind::Plan;
        is_plan.then(|| PlanId::new(id))
    });
    ledger.note_subscription(told);
}
