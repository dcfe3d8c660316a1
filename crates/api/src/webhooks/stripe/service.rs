//! Receives Stripe's events, and applies them again on request.

use std::collections::{BTreeSet, VecDeque};

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

use super::{apply, stores};
use crate::{
    audit::{Entry, entry::PLATFORM},
    clock,
    db::{Db, transaction},
    error::ApiError,
    facts::locks,
    stores::service::follow_connect,
    webhooks::events::{self, Received},
};

/// What is to be done about an event.
#[derive(Clone, Debug)]
struct Work {
    received: Received,
    /// The event and what it changes, if it changes anything.
    change: Option<(Event, Change)>,
}

/// Takes an event whose signature was checked. It is kept in the transaction of its effect; one
/// that was dealt with before has none. One whose store cannot be found is kept and waits: for an
/// event that tells, or for somebody to replay it.
///
/// # Errors
/// When it cannot be understood, which is kept; or the database fails, and nothing is.
pub async fn receive(db: &Db, body: &[u8], now: Timestamp) -> Result<(), ApiError> {
    let (work, failed) = read(body, now);
    if events::is_done(db.read(), WebhookSource::Stripe, &work.received.external_id).await? {
        return Ok(());
    }
    transaction::write(db, |tx| {
        let work = work.clone();
        Box::pin(async move {
            let received = carry_out(tx, work, now).await?;
            Ok(events::keep(tx, &received).await?)
        })
    })
    .await?;
    match failed {
        None => Ok(()),
        Some(error) => Err(ApiError::parameter("/data/object", "not_understood", error.to_string())),
    }
}

/// Applies an event again that is kept. One that was applied before changes nothing.
///
/// # Errors
/// When there is none.
pub async fn replay(db: &Db, id: &str) -> Result<WebhookEventResponse, ApiError> {
    let (payload, _) = events::payload(db.read(), WebhookSource::Stripe, id).await?;
    let (work, _) = read(payload.as_bytes(), clock::now());
    transaction::write(db, |tx| {
        let work = work.clone();
        Box::pin(async move {
            let received = carry_out(tx, work, clock::now()).await?;
            events::finish(tx, &received).await?;
            let which = json!({ "source": received.source, "id": received.external_id });
            let entry = Entry::of_platform(AuditAction::WebhookReplayed);
            entry.after(&which)?.record(tx).await
        })
    })
    .await?;
    events::find(db.write(), WebhookSource::Stripe, id).await
}

/// What an event is, and why it cannot be understood if so.
fn read(body: &[u8], now: Timestamp) -> (Work, Option<StripeError>) {
    let event = Event::read(body);
    let change = event.clone().and_then(|event| event.change());
    let known = event.ok();
    let (status, failed) = match &change {
        Ok(Some(_)) => (WebhookEventStatus::Processed, None),
        Ok(None) => (WebhookEventStatus::Ignored, None),
        Err(error) => (WebhookEventStatus::Failed, Some(error.clone())),
    };
    let change = change.ok().flatten();
    let subject = match &change {
        Some(Change::Facts(notice)) => notice.names().next().map(str::to_owned),
        Some(Change::Account { account, .. }) => Some(account.clone()),
        None => None,
    };
    let received = Received {
        source: WebhookSource::Stripe,
        external_id: known.as_ref().map_or("unknown", |event| event.id.as_str()).to_owned(),
        kind: known.as_ref().map_or("unknown", |event| event.kind.as_str()).to_owned(),
        subject,
        occurred_at: known.as_ref().map_or(now, |event| event.created),
        received_at: now,
        // What is no text was not understood either.
        payload: String::from_utf8_lossy(body).replace('\0', ""),
        status,
        error: failed.as_ref().map(ToString::to_string),
    };
    (Work { received, change: known.zip(change) }, failed)
}

/// Applies an event; returns it with what became of it.
async fn carry_out(tx: &DatabaseTransaction, work: Work, now: Timestamp) -> Result<Received, ApiError> {
    let Work { mut received, change } = work;
    let outcome = match change {
        None => return Ok(received),
        Some((_, Change::Account { account, status })) => match stores::of_account(tx, &account).await? {
            Ok(store_id) => follow_connect(tx, store_id, status).await.map(Ok)?,
            Err(sentence) => Err(sentence),
        },
        Some((event, Change::Facts(notice))) => note(tx, &event, *notice, now).await?,
    };
    if let Err(sentence) = outcome {
        (received.status, received.error) = (WebhookEventStatus::Failed, Some(sentence));
    }
    Ok(received)
}

/// Applies an event about a customer, and those that waited for it to tell which store it is.
async fn note(
    tx: &DatabaseTransaction,
    event: &Event,
    notice: Notice,
    now: Timestamp,
) -> Result<Result<(), String>, ApiError> {
    if event.account.is_none() {
        // Whatever waits for a name, and whatever tells its store, wait for each other.
        locks::hold(tx, StoreId::new(PLATFORM), notice.names()).await?;
    }
    let store_id = match stores::of_event(tx, event, &notice).await? {
        Ok(store_id) => store_id,
        Err(sentence) => return Ok(Err(sentence)),
    };
    let is_platforms = event.account.is_none();
    let mut names: VecDeque<String> = notice.names().map(str::to_owned).collect();
    apply::apply(tx, store_id, notice, now).await?;
    let mut met: BTreeSet<String> = names.iter().cloned().collect();
    while let Some(name) = names.pop_front().filter(|_| is_platforms) {
        for (id, payload) in events::waiting(tx, WebhookSource::Stripe, &name).await? {
            let (mut waited, _) = read(payload.as_bytes(), now);
            let Some((event, Change::Facts(notice))) = waited.change.take() else { continue };
            // One that is about another store, or cannot be told, goes on waiting.
            if event.account.is_some() || stores::of_event(tx, &event, &notice).await? != Ok(store_id) {
                continue;
            }
            names.extend(notice.names().filter(|name| met.insert((*name).to_owned())).map(str::to_owned));
            apply::apply(tx, store_id, *notice, now).await?;
            events::finish(tx, &Received { external_id: id, ..waited.received }).await?;
        }
    }
    Ok(Ok(()))
}
