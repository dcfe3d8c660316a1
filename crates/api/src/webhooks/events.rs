//! SQL of received webhook events.

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use fanbase_domain::{
    ids::StoreId,
    time::{DAY, Timestamp},
    wire::{
        page::Page,
        webhooks::{WebhookEventResponse, WebhookEventStatus, WebhookSource},
    },
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use sha2::{Digest as _, Sha256};

use crate::{
    db::{
        bulk::{self, OnConflict, Target, Type},
        column::known,
        email_hash::EmailHasher,
        sql::Sql,
    },
    error::ApiError,
};

/// Retention of events, in milliseconds: 90 days.
const KEPT: i64 = 90 * DAY;
/// Events on a page.
const PAGE: usize = 50;

/// A received event and its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The sender.
    pub source: WebhookSource,
    /// The sender's id of the event.
    pub external_id: String,
    /// The sender's type of the event.
    pub kind: String,
    /// The sender's id of the event's subject.
    pub subject: Option<String>,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it came.
    pub received_at: Timestamp,
    /// The body.
    pub payload: String,
    /// The outcome.
    pub status: WebhookEventStatus,
    /// The reason of a failure, or a remark.
    pub error: Option<String>,
    /// The store it concerns, once known.
    pub store_id: Option<StoreId>,
}

/// The filter of a list of events.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// From this sender.
    pub source: Option<WebhookSource>,
    /// Of this type.
    pub kind: Option<String>,
    /// With this outcome.
    pub status: Option<WebhookEventStatus>,
    /// Keyset position: only events before this one.
    pub before: Option<(i64, String, String)>,
}

const WEBHOOK_EVENTS: Target = Target {
    table: "webhook_events",
    columns: &[
        ("source", Type::Text),
        ("external_id", Type::Text),
        ("kind", Type::Text),
        ("subject", Type::Text),
        ("occurred_at", Type::BigInt),
        ("received_at", Type::BigInt),
        ("payload", Type::Text),
        ("status", Type::Text),
        ("error", Type::Text),
        ("attempts", Type::BigInt),
        ("store_id", Type::Uuid),
    ],
    on_conflict: OnConflict::Clause(
        "ON CONFLICT (source, external_id) DO UPDATE SET kind = excluded.kind,
        subject = excluded.subject, payload = excluded.payload, status = excluded.status,
        error = excluded.error, store_id = excluded.store_id, attempts = webhook_events.attempts + 1
        WHERE webhook_events.status = 'failed'",
    ),
};

const EMAILS: Target = Target {
    table: "webhook_event_emails",
    columns: &[
        ("email_hash", Type::Text),
        ("source", Type::Text),
        ("external_id", Type::Text),
        ("received_at", Type::BigInt),
    ],
    on_conflict: OnConflict::Clause("ON CONFLICT DO NOTHING"),
};

/// An id for a body without one, derived from the body's hash.
#[must_use]
pub fn unknown_id(body: &[u8]) -> String {
    let hash = Sha256::digest(body);
    format!("unknown-{}", hex::encode(&hash[..12]))
}

/// Stores events. An event that is stored already stays as it is, unless it failed: then its new outcome
/// replaces the failure.
///
/// # Errors
/// Returns the error of the database.
pub async fn keep(db: &impl ConnectionTrait, events: &[Received]) -> Result<(), DbErr> {
    let row = |event: &Received| {
        vec![
            event.source.as_str().into(),
            event.external_id.as_str().into(),
            event.kind.as_str().into(),
            event.subject.clone().into(),
            event.occurred_at.millis().into(),
            event.received_at.millis().into(),
            event.payload.as_str().into(),
            event.status.as_str().into(),
            event.error.clone().into(),
            1_i64.into(),
            event.store_id.map(StoreId::uuid).into(),
        ]
    };
    bulk::insert(db, &WEBHOOK_EVENTS, Box::new(events.iter().map(row))).await?;
    keep_hashes(db, events).await
}

/// Records which e-mail addresses events name, so that an erasure finds them.
async fn keep_hashes(db: &impl ConnectionTrait, events: &[Received]) -> Result<(), DbErr> {
    if !events.iter().any(|event| event.payload.contains('@')) {
        return Ok(());
    }
    let hasher = EmailHasher::load(db).await?;
    let rows = events.iter().flat_map(|event| {
        hasher.hashes_in(&event.payload).into_iter().map(|hash| {
            vec![
                hash.into(),
                event.source.as_str().into(),
                event.external_id.as_str().into(),
                event.received_at.millis().into(),
            ]
        })
    });
    let rows: Vec<Vec<sea_orm::Value>> = rows.collect();
    bulk::insert(db, &EMAILS, Box::new(rows.into_iter())).await?;
    Ok(())
}

/// The ids of those events that were processed without failure.
///
/// # Errors
/// Returns the error of the database.
pub async fn done(
    db: &impl ConnectionTrait,
    source: WebhookSource,
    ids: &[&str],
) -> Result<BTreeSet<String>, DbErr> {
    let mut sql = Sql::new("SELECT external_id FROM webhook_events WHERE status <> 'failed' AND source = ");
    sql.bind(source.as_str()).push(" AND ").is_any(db, "external_id", ids);
    sql.all(db).await?.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// The failed events about any of these subjects, oldest first: ids and bodies.
///
/// # Errors
/// Returns the error of the database.
pub async fn waiting(
    db: &impl ConnectionTrait,
    source: WebhookSource,
    subjects: &[&str],
) -> Result<Vec<(String, String)>, DbErr> {
    let mut sql = Sql::new("SELECT external_id, payload FROM webhook_events WHERE ");
    sql.is_any(db, "subject", subjects).push(" AND source = ").bind(source.as_str());
    sql.push(" AND status = 'failed' AND payload <> '' ORDER BY occurred_at, external_id");
    sql.all(db).await?.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Clears the bodies of events about a deleted person, since they have personal data.
///
/// # Errors
/// Returns the error of the database.
pub async fn empty(db: &impl ConnectionTrait, source: WebhookSource, subject: &str) -> Result<(), DbErr> {
    let mut sql = Sql::new("UPDATE webhook_events SET payload = '' WHERE subject = ");
    sql.bind(subject).push(" AND source = ").bind(source.as_str());
    sql.execute(db).await?;
    Ok(())
}

/// Records the outcome of a replayed event.
///
/// # Errors
/// Returns the error of the database.
pub async fn finish(db: &impl ConnectionTrait, event: &Received) -> Result<(), DbErr> {
    let mut sql = Sql::new("UPDATE webhook_events SET attempts = attempts + 1, status = ");
    sql.bind(event.status.as_str()).push(", error = ").bind(event.error.clone());
    sql.push(", store_id = ").bind(event.store_id.map(StoreId::uuid));
    sql.push(" WHERE source = ").bind(event.source.as_str());
    sql.push(" AND external_id = ").bind(event.external_id.as_str());
    sql.execute(db).await?;
    Ok(())
}

/// Deletes events older than 90 days.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(db: &impl ConnectionTrait, now: Timestamp) -> Result<u64, DbErr> {
    let mut sql = Sql::new("DELETE FROM webhook_event_emails WHERE received_at < ");
    sql.bind(now.millis() - KEPT);
    sql.execute(db).await?;
    let mut sql = Sql::new("DELETE FROM webhook_events WHERE received_at < ");
    sql.bind(now.millis() - KEPT);
    Ok(sql.execute(db).await?.rows_affected())
}

const COLUMNS: &str = "SELECT source, external_id, kind, subject, occurred_at, received_at, status,
    error, attempts, payload <> '' FROM webhook_events WHERE ";

/// Reads one event.
///
/// # Errors
/// `ApiError::NotFound` when there is no such event.
pub async fn find(
    db: &impl ConnectionTrait,
    source: WebhookSource,
    id: &str,
) -> Result<WebhookEventResponse, ApiError> {
    let mut sql = Sql::new(COLUMNS);
    sql.push("source = ").bind(source.as_str()).push(" AND external_id = ").bind(id);
    let row = sql.one(db).await?.ok_or(ApiError::NotFound("event"))?;
    Ok(response(&row)?)
}

/// The body of an event, and when it happened.
///
/// # Errors
/// `ApiError::NotFound` when there is no such event.
pub async fn payload(
    db: &impl ConnectionTrait,
    source: WebhookSource,
    id: &str,
) -> Result<(String, Timestamp), ApiError> {
    let mut sql = Sql::new("SELECT payload, occurred_at FROM webhook_events WHERE source = ");
    sql.bind(source.as_str()).push(" AND external_id = ").bind(id);
    let row = sql.one(db).await?.ok_or(ApiError::NotFound("event"))?;
    Ok((row.try_get_by_index(0)?, Timestamp::from_millis(row.try_get_by_index(1)?)))
}

/// A page of events, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    wanted: &Wanted,
) -> Result<Page<WebhookEventResponse>, ApiError> {
    let mut sql = Sql::new(COLUMNS);
    sql.push("TRUE");
    for (column, value) in [
        ("source", wanted.source.map(|source| source.as_str().to_owned())),
        ("kind", wanted.kind.clone()),
        ("status", wanted.status.map(|status| status.as_str().to_owned())),
    ] {
        if let Some(value) = value {
            sql.push(&format!(" AND {column} = ")).bind(value);
        }
    }
    if let Some((at, source, id)) = &wanted.before {
        sql.push(" AND (received_at, source, external_id) < (").bind(*at);
        sql.push(", ").bind(source.as_str()).push(", ").bind(id.as_str()).push(")");
    }
    sql.push(&format!(" ORDER BY received_at DESC, source DESC, external_id DESC LIMIT {}", PAGE + 1));
    let rows = sql.all(db).await?;
    let mut items = rows.iter().map(response).collect::<Result<Vec<_>, _>>()?;
    let more = items.len() > PAGE;
    items.truncate(PAGE);
    let last = items.last().filter(|_| more);
    let next_cursor = last.map(|last| cursor(last.received_at, last.source, &last.id));
    Ok(Page { items, next_cursor, prev_cursor: None })
}

/// Needs no signature: only admins, who may read all events, can list them.
fn cursor(at: Timestamp, source: WebhookSource, id: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{} {source} {id}", at.millis()))
}

/// Parses a cursor of the list.
#[must_use]
pub fn read_cursor(text: &str) -> Option<(i64, String, String)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let (at, rest) = text.split_once(' ')?;
    let (source, id) = rest.split_once(' ')?;
    Some((at.parse().ok()?, source.to_owned(), id.to_owned()))
}

fn response(row: &QueryResult) -> Result<WebhookEventResponse, DbErr> {
    let text = |i: usize| row.try_get_by_index::<String>(i);
    Ok(WebhookEventResponse {
        source: known(WebhookSource::parse(&text(0)?), "source")?,
        id: text(1)?,
        r#type: text(2)?,
        subject: row.try_get_by_index(3)?,
        occurred_at: Timestamp::from_millis(row.try_get_by_index(4)?),
        received_at: Timestamp::from_millis(row.try_get_by_index(5)?),
        status: known(WebhookEventStatus::parse(&text(6)?), "status")?,
        error: row.try_get_by_index(7)?,
        attempts: u32::try_from(row.try_get_by_index::<i64>(8)?).unwrap_or(u32::MAX),
        has_payload: row.try_get_by_index(9)?,
    })
}
