//! Receives Stripe's events, and replays them on request.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use fanbase_domain::{
    ids::StoreId,
    stripe::{Change, Event, Notice, StripeError},
    time::Timestamp,
    wire::{
        audit::AuditAction,
        webhooks::{WebhookEventResponse, WebhookEventStatus, WebhookSource},
    },
};
use sea_orm::DatabaseTransaction;
use serde_json::json;

use super::{
    enrichment::Asking,
    inbox::Queue,
    projector::{self, Said},
    store_resolver::{self, Stores},
};
use crate::{
    accounts::stores::service::follow_connect,
    clock,
    db::{Db, audit_log::Entry, transaction},
    error::ApiError,
    request_context::{self, Context},
    sales::facts::locks,
    webhooks::events::{self, Received},
};

/// An event to process.
#[derive(Clone, Debug)]
pub(super) struct Work {
    received: Received,
    /// The event and its change, if it has an effect.
    change: Option<(Event, Change)>,
    /// The request that delivered it.
    request: Option<Arc<Context>>,
}

impl Work {
    fn id(&self) -> &str {
        &self.received.external_id
    }

    /// Its content about a customer, if it has any.
    fn notice(&self) -> Option<(&Event, &Notice)> {
        match &self.change {
            Some((event, Change::Facts(notice))) => Some((event, notice)),
            _ => None,
        }
    }
}

/// Receives an event with a verified signature, and returns once it is stored. The event is stored in the
/// transaction of its effect, together with concurrent ones; an event that was processed before has no
/// further effect. An event whose store is unknown is stored as failed, until a later event identifies the
/// store or it is replayed.
///
/// # Errors
/// `ApiError::Validation` when the event is invalid, in which case it is stored as failed; otherwise when the
/// database fails, in which case it is not stored.
pub async fn receive(queue: &Queue, body: &[u8], now: Timestamp) -> Result<(), ApiError> {
    let (work, failed) = read(body, now);
    queue.push(work).await?;
    match failed {
        None => Ok(()),
        Some(error) => Err(ApiError::parameter("/data/object", "not_understood", error.to_string())),
    }
}

/// Replays a stored event. Idempotent: an event that was applied before changes nothing.
///
/// # Errors
/// `ApiError::NotFound` when there is no such event; `ApiError::Conflict` when its body was cleared.
pub async fn replay(db: &Db, asking: &Asking, id: &str) -> Result<WebhookEventResponse, ApiError> {
    let (payload, _) = events::payload(db.read(), WebhookSource::Stripe, id).await?;
    if payload.is_empty() {
        return Err(ApiError::Conflict("The customer was deleted, and what the event said with them."));
    }
    let body = asking.complete(db.read(), payload.as_bytes()).await?;
    let work = [Arc::new(read(&body, clock::now()).0)];
    transaction::write(db, |tx| {
        let work = work.clone();
        Box::pin(async move {
            for received in carry_out(tx, &work, clock::now()).await? {
                events::finish(tx, &received).await?;
                let which = json!({ "source": received.source, "id": received.external_id });
                let entry = Entry::of_platform(AuditAction::WebhookReplayed);
                entry.after(&which)?.record(tx).await?;
            }
            Ok(())
        })
    })
    .await?;
    events::find(db.write(), WebhookSource::Stripe, id).await
}

/// Parses an event; also returns the error if it is invalid.
fn read(body: &[u8], now: Timestamp) -> (Work, Option<StripeError>) {
    let event = Event::read(body);
    let change = event.clone().and_then(|event| event.change());
    let known = event.ok();
    let (status, failed) = match &change {
        Ok(Some(_)) => (WebhookEventStatus::Processed, None),
        Ok(None) => (WebhookEventStatus::Ignored, None),
        Err(error) => (WebhookEventStatus::Failed, Some(error.clone())),
    };
    let is_test = known.as_ref().is_some_and(|event| event.is_test);
    let note = is_test.then(|| "An event of Stripe's test mode, which is never counted.".to_owned());
    let change = change.ok().flatten();
    let subject = match &change {
        Some(Change::Facts(notice)) => notice.names().next().map(str::to_owned),
        Some(Change::Account { account, .. }) => Some(account.clone()),
        None => None,
    };
    let received = Received {
        source: WebhookSource::Stripe,
        external_id: known.as_ref().map_or_else(|| events::unknown_id(body), |event| event.id.clone()),
        kind: known.as_ref().map_or("unknown", |event| event.kind.as_str()).to_owned(),
        subject,
        occurred_at: known.as_ref().map_or(now, |event| event.created),
        received_at: now,
        // A body that is not UTF-8 is invalid anyway.
        payload: String::from_utf8_lossy(body).replace('\0', ""),
        status,
        error: failed.as_ref().map(ToString::to_string).or(note),
        store_id: None,
    };
    (Work { received, change: known.zip(change), request: request_context::current() }, failed)
}

/// Applies and stores, in the transaction, the events that were not processed before.
pub(super) async fn take(
    tx: &DatabaseTransaction,
    work: &[Arc<Work>],
    now: Timestamp,
) -> Result<(), ApiError> {
    let ids: Vec<&str> = work.iter().map(|work| work.id()).collect();
    let mut met = events::done(tx, WebhookSource::Stripe, &ids).await?;
    let fresh = work.iter().filter(|work| met.insert(work.id().to_owned()));
    let fresh: Vec<Arc<Work>> = fresh.map(Arc::clone).collect();
    let received = carry_out(tx, &fresh, now).await?;
    Ok(events::keep(tx, &received).await?)
}

/// Applies events; returns them with their outcomes.
async fn carry_out(
    tx: &DatabaseTransaction,
    work: &[Arc<Work>],
    now: Timestamp,
) -> Result<Vec<Received>, ApiError> {
    let Noted { mut left, mut stores } = note(tx, work, now).await?;
    left.extend(follow_accounts(tx, work).await?);
    let outcome = |work: &Arc<Work>| match left.remove(work.id()) {
        Some(sentence) => {
            Received { status: WebhookEventStatus::Failed, error: Some(sentence), ..work.received.clone() }
        }
        None => Received { store_id: stores.remove(work.id()), ..work.received.clone() },
    };
    Ok(work.iter().map(outcome).collect())
}

/// Applies changes of connected accounts. Returns the reasons of failures by event id.
async fn follow_accounts(
    tx: &DatabaseTransaction,
    work: &[Arc<Work>],
) -> Result<BTreeMap<String, String>, ApiError> {
    let accounts = work.iter().filter_map(|work| match &work.change {
        Some((_, Change::Account { account, status })) => Some((work, account.as_str(), *status)),
        _ => None,
    });
    let stores = Stores::of_accounts(tx, accounts.clone().map(|(_, account, _)| account)).await?;
    let mut left = BTreeMap::new();
    for (work, account, status) in accounts {
        match stores.of_account(account) {
            Ok(store_id) => {
                let following = follow_connect(tx, store_id, status);
                match work.request.clone() {
                    Some(request) => request_context::within(request, following).await?,
                    None => following.await?,
                }
            }
            Err(sentence) => drop(left.insert(work.id().to_owned(), sentence)),
        }
    }
    Ok(left)
}

/// Outcomes by event id.
#[derive(Debug, Default)]
struct Noted {
    /// Reasons of the failures.
    left: BTreeMap<String, String>,
    /// Stores of the applied events.
    stores: BTreeMap<String, StoreId>,
}

/// Applies events about customers, and the stored events whose store these identify.
async fn note(tx: &DatabaseTransaction, work: &[Arc<Work>], now: Timestamp) -> Result<Noted, ApiError> {
    let delivered: BTreeSet<&str> = work.iter().map(|work| work.id()).collect();
    let Noted { mut left, stores: mut found } = Noted::default();
    let mut met: BTreeSet<String> = BTreeSet::new();
    let mut candidates: Vec<Arc<Work>> =
        work.iter().filter(|work| work.notice().is_some()).cloned().collect();
    while !candidates.is_empty() {
        hold(tx, &candidates).await?;
        let stores = Stores::of_events(tx, candidates.iter().filter_map(|work| work.notice())).await?;
        let mut by_store: BTreeMap<StoreId, Vec<Said<'_>>> = BTreeMap::new();
        let mut of_platform: BTreeMap<StoreId, BTreeSet<&str>> = BTreeMap::new();
        let mut names: BTreeSet<&str> = BTreeSet::new();
        let mut waited = Vec::new();
        for work in &candidates {
            let Some((event, notice)) = work.notice() else { continue };
            let is_delivered = delivered.contains(work.id());
            match stores.of_event(event, notice) {
                Ok(store_id) => {
                    by_store.entry(store_id).or_default().push((notice, work.request.clone()));
                    left.remove(work.id());
                    found.insert(work.id().to_owned(), store_id);
                    let of_store = || Received { store_id: Some(store_id), ..work.received.clone() };
                    waited.extend((!is_delivered).then(of_store));
                    // Events of connected accounts identify their store themselves, and others do not depend
                    // on them.
                    if event.account.is_none() {
                        names.extend(notice.names());
                        of_platform.entry(store_id).or_default().extend(notice.names());
                    }
                }
                Err(sentence) if is_delivered => drop(left.insert(work.id().to_owned(), sentence)),
                Err(_) => {}
            }
        }
        for (store_id, said) in &by_store {
            projector::apply(tx, *store_id, said, now).await?;
        }
        for (store_id, names) in &of_platform {
            store_resolver::trust(tx, *store_id, names).await?;
        }
        for received in &waited {
            events::finish(tx, received).await?;
        }
        let names: Vec<&str> = names.into_iter().filter(|name| met.insert((*name).to_owned())).collect();
        let mut next = waiting(tx, &names, now).await?;
        next.retain(|kept| !delivered.contains(kept.id()));
        if !names.is_empty() {
            next.extend(work.iter().filter(|work| left.contains_key(work.id())).cloned());
        }
        candidates = next;
    }
    Ok(Noted { left, stores: found })
}

/// Failed events of the platform's account about any of these names. Those whose store is still unknown stay
/// failed.
async fn waiting(
    tx: &DatabaseTransaction,
    names: &[&str],
    now: Timestamp,
) -> Result<Vec<Arc<Work>>, ApiError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let kept = events::waiting(tx, WebhookSource::Stripe, names).await?;
    let works = kept.into_iter().map(|(external_id, payload)| {
        let (mut work, _) = read(payload.as_bytes(), now);
        work.received.external_id = external_id;
        work
    });
    let is_platforms = |work: &Work| work.notice().is_some_and(|(event, _)| event.account.is_none());
    Ok(works.filter(is_platforms).map(Arc::new).collect())
}

/// Locks the names of the events: serialises events about the same subject, and an event that lacks its store
/// with the one that identifies it.
async fn hold(tx: &DatabaseTransaction, work: &[Arc<Work>]) -> Result<(), ApiError> {
    let notices = work.iter().filter_map(|work| work.notice());
    let names: BTreeSet<String> = notices.flat_map(|(_, notice)| projector::names(notice)).collect();
    Ok(locks::hold(tx, names.iter().map(String::as_str)).await?)
}
