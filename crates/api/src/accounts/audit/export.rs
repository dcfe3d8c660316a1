//! Streams the audit log as CSV, with one page in memory at a time.

use actix_web::web::Bytes;
use fanbase_domain::{ids::StoreId, import::safe_cell, wire::audit::AuditEntryResponse};
use futures_util::{Stream, stream};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{params::AuditParams, queries};
use crate::{db::Db, error::ApiError};

/// Entries per query.
const PAGE: u64 = 1_000;
const COLUMNS: [&str; 11] = [
    "At",
    "Action",
    "Actor Kind",
    "Actor",
    "Actor Id",
    "Address",
    "Store Id",
    "Subject Id",
    "Before",
    "After",
    "Request Id",
];

/// Streams the entries that match a filter, newest first.
pub fn stream(
    db: Db,
    store: Option<StoreId>,
    params: AuditParams,
) -> impl Stream<Item = Result<Bytes, ApiError>> {
    let start = Some((AuditParams { limit: PAGE, ..params }, true));
    stream::try_unfold(start, move |at| {
        let db = db.clone();
        async move {
            let Some((params, with_header)) = at else { return Ok(None) };
            let page = queries::page(db.read(), store, &params).await?;
            let mut writer =
                csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
            if with_header {
                write(&mut writer, COLUMNS.map(str::to_owned))?;
            }
            for line in &page.items {
                write(&mut writer, cells(line))?;
            }
            let chunk = writer.into_inner().map_err(|error| ApiError::Internal(error.to_string()))?;
            let next: Option<Uuid> = page.next_cursor.and_then(|cursor| cursor.parse().ok());
            let next = next.map(|cursor| (AuditParams { cursor: Some(cursor), ..params }, false));
            Ok(Some((Bytes::from(chunk), next)))
        }
    })
}

fn write(writer: &mut csv::Writer<Vec<u8>>, cells: [String; COLUMNS.len()]) -> Result<(), ApiError> {
    writer
        .write_record(cells.iter().map(|cell| safe_cell::escape(cell).into_owned()))
        .map_err(|error| ApiError::Internal(error.to_string()))
}

fn cells(line: &AuditEntryResponse) -> [String; COLUMNS.len()] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let json = |map: &Option<Map<String, Value>>| {
        map.as_ref().map(|map| Value::Object(map.clone()).to_string()).unwrap_or_default()
    };
    [
        line.at.to_rfc3339().unwrap_or_default(),
        line.action.to_string(),
        line.actor.kind.to_string(),
        text(&line.actor.name),
        id(line.actor.id),
        text(&line.address),
        id(line.store_id.map(StoreId::uuid)),
        id(line.subject_id),
        json(&line.before),
        json(&line.after),
        text(&line.request_id),
    ]
}
