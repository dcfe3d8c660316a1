//! Reads the audit log.

use fanbase_domain::{
    ids::{AuditId, StoreId},
    time::Timestamp,
    wire::{
        audit::{ActorKind, ActorResponse, AuditAction, AuditEntryResponse},
        page::Page,
    },
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::params::AuditParams;
use crate::{
    db::{audit_log::PLATFORM, column::known, sql::Sql},
    error::ApiError,
};

/// A page of the log, newest first: of one store, or of all stores and the platform.
///
/// # Errors
/// When the database fails.
pub async fn page(
    db: &impl ConnectionTrait,
    store: Option<StoreId>,
    params: &AuditParams,
) -> Result<Page<AuditEntryResponse>, ApiError> {
    let AuditParams { action, actor_id, subject_id, store_id, after, before, cursor, limit } = params;
    let mut sql = Sql::new(
        "SELECT a.store_id, a.id, a.at, a.actor, a.actor_id, a.address, a.request_id, a.action, a.subject_id,
                a.before, a.after, COALESCE(u.email, k.name) AS actor_name
         FROM audit_log a
         LEFT JOIN users u ON a.actor = 'user' AND u.id = a.actor_id
         LEFT JOIN api_keys k ON a.actor = 'api_key' AND k.store_id = a.store_id AND k.id = a.actor_id
         WHERE ",
    );
    match store.map(StoreId::uuid).or(*store_id) {
        Some(store) => sql.push("a.store_id = ").bind(store),
        None => sql.push("TRUE"),
    };
    for (column, id) in [("a.actor_id", actor_id), ("a.subject_id", subject_id)] {
        if let Some(id) = id {
            sql.push(&format!(" AND {column} = ")).bind(*id);
        }
    }
    if !action.is_empty() {
        sql.push(" AND a.action IN (").bind_all(action.iter().map(|action| action.as_str())).push(")");
    }
    for (condition, at) in [(" AND a.at >= ", after), (" AND a.at < ", before)] {
        if let Some(at) = at {
            sql.push(condition).bind(at.millis());
        }
    }
    if let Some(cursor) = cursor {
        sql.push(" AND a.id < ").bind(*cursor);
    }
    // Ids are UUIDv7 and sort by time.
    sql.push(&format!(" ORDER BY a.id DESC LIMIT {}", limit + 1));
    let mut items = sql.all(db).await?.iter().map(line).collect::<Result<Vec<_>, _>>()?;
    let more = items.len() as u64 > *limit;
    items.truncate(usize::try_from(*limit).unwrap_or(usize::MAX));
    let next_cursor = items.last().filter(|_| more).map(|last| last.id.to_string());
    Ok(Page { items, next_cursor, prev_cursor: None })
}

fn line(row: &QueryResult) -> Result<AuditEntryResponse, DbErr> {
    let map = |text: Option<String>| -> Result<Option<Map<String, Value>>, DbErr> {
        let map = text.map(|text| serde_json::from_str(&text)).transpose();
        known(map.ok(), "audit_log.before")
    };
    let store: Uuid = row.try_get("", "store_id")?;
    let actor: String = row.try_get("", "actor")?;
    let action: String = row.try_get("", "action")?;
    Ok(AuditEntryResponse {
        id: AuditId::new(row.try_get("", "id")?),
        store_id: (store != PLATFORM).then(|| StoreId::new(store)),
        at: Timestamp::from_millis(row.try_get("", "at")?),
        action: known(AuditAction::parse(&action), "audit_log.action")?,
        actor: ActorResponse {
            kind: known(ActorKind::parse(&actor), "audit_log.actor")?,
            id: row.try_get("", "actor_id")?,
            name: row.try_get("", "actor_name")?,
        },
        address: row.try_get("", "address")?,
        request_id: row.try_get("", "request_id")?,
        subject_id: row.try_get("", "subject_id")?,
        before: map(row.try_get("", "before")?)?,
        after: map(row.try_get("", "after")?)?,
    })
}
