//! Receives Clerk's events, and replays them on request.

use fanbase_domain::{
    clerk::{Change, ClerkError, Event},
    time::Timestamp,
    wire::{
        audit::AuditAction,
        webhooks::{WebhookEventResponse, WebhookEventStatus, WebhookSource},
    },
};
use serde_json::json;

use super::events::{self, Received};
use crate::{
    accounts::users::clerk::{self, Subject},
    db::{Db, audit_log::Entry, transaction},
    error::ApiError,
};

/// How an event reached the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Delivery {
    First,
    Replay,
}

/// An event to process.
#[derive(Clone, Debug)]
struct Work {
    event: Received,
    change: Option<Change>,
}

/// Receives an event with a verified signature. The event is stored in the transaction of its effect; an
/// event that was processed before has no further effect.
///
/// # Errors
/// `ApiError::Validation` when the event is invalid, in which case it is stored as failed; otherwise when the
/// database fails, in which case it is not stored.
pub async fn receive(
    db: &Db,
    id: String,
    body: &[u8],
    signed_at: Timestamp,
    now: Timestamp,
) -> Result<(), ApiError> {
    if !events::done(db.read(), WebhookSource::Clerk, &[id.as_str()]).await?.is_empty() {
        return Ok(());
    }
    let (work, failed) = read(id, body, signed_at, now);
    apply(db, &work, Delivery::First).await?;
    match failed {
        None => Ok(()),
        Some(error) => Err(ApiError::parameter("/data", "not_understood", error.to_string())),
    }
}

/// Replays a stored event. Idempotent: an event that was applied before changes nothing.
///
/// # Errors
/// `ApiError::NotFound` when there is no such event; `ApiError::Conflict` when its body was cleared.
pub async fn replay(db: &Db, id: &str) -> Result<WebhookEventResponse, ApiError> {
    let source = WebhookSource::Clerk;
    let (payload, occurred_at) = events::payload(db.read(), source, id).await?;
    if payload.is_empty() {
        return Err(ApiError::Conflict("The account was deleted, and what the event said with it."));
    }
    let (work, _) = read(id.to_owned(), payload.as_bytes(), occurred_at, occurred_at);
    apply(db, &work, Delivery::Replay).await?;
    events::find(db.write(), source, id).await
}

/// Parses an event; also returns the error if it is invalid.
fn read(id: String, body: &[u8], signed_at: Timestamp, now: Timestamp) -> (Work, Option<ClerkError>) {
    let event = Event::read(body);
    let change = event.clone().and_then(|event| event.change(signed_at));
    let known = event.ok();
    let (status, error, change, failed) = match change {
        Ok(None) => (WebhookEventStatus::Ignored, None, None, None),
        Ok(Some((change, note))) => (WebhookEventStatus::Processed, note, Some(change), None),
        Err(error) => (WebhookEventStatus::Failed, Some(error.to_string()), None, Some(error)),
    };
    let event = Received {
        source: WebhookSource::Clerk,
        external_id: id,
        kind: known.as_ref().map_or("unknown", |event| event.kind.as_str()).to_owned(),
        subject: known.as_ref().and_then(|event| event.subject.clone()),
        occurred_at: known.and_then(|event| event.occurred_at).unwrap_or(signed_at),
        received_at: now,
        // A body that is not UTF-8 is invalid anyway.
        payload: String::from_utf8_lossy(body).replace('\0', ""),
        status,
        error,
        store_id: None,
    };
    (Work { event, change }, failed)
}

/// Applies and stores the event in one transaction.
async fn apply(db: &Db, work: &Work, delivery: Delivery) -> Result<(), ApiError> {
    for patiently in [false, true] {
        let done = transaction::write(db, |tx| {
            let work = work.clone();
            Box::pin(async move {
                let Work { event, change } = work;
                let mut is_deleted = false;
                if let (Some(change), Some(subject)) = (&change, &event.subject) {
                    let subject = Subject::Clerk(subject.clone());
                    let Some(applied) = clerk::apply(tx, &subject, change, patiently).await? else {
                        return Ok(false);
                    };
                    is_deleted = applied.is_deleted;
                }
                match delivery {
                    Delivery::First => events::keep(tx, std::slice::from_ref(&event)).await?,
                    Delivery::Replay => {
                        events::finish(tx, &event).await?;
                        let which = json!({ "source": event.source, "id": event.external_id });
                        let entry = Entry::of_platform(AuditAction::WebhookReplayed);
                        entry.after(&which)?.record(tx).await?;
                    }
                }
                if let (true, Some(subject)) = (is_deleted, &event.subject) {
                    events::empty(tx, event.source, subject).await?;
                }
                Ok(true)
            })
        })
        .await?;
        if done {
            return Ok(());
        }
    }
    Err(ApiError::Unavailable)
}
