//! Creates, rotates and revokes API keys.

use fanbase_domain::{
    ids::{ApiKeyId, StoreId},
    time::Timestamp,
    wire::{
        api_keys::{ApiKeyResponse, CreatedApiKeyResponse, NewApiKey, Rotation},
        audit::AuditAction,
    },
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait as _};
use uuid::Uuid;

use crate::{
    auth::secret,
    clock,
    db::{
        Db,
        audit_log::Entry,
        entities::api_keys::{self, Entity, Model, scopes},
        is_sqlite,
        sql::Sql,
        transaction,
    },
    error::ApiError,
};

/// Prefix of every secret, by which leaked ones can be recognised.
pub const PREFIX: &str = "fb_";
/// Milliseconds of an hour.
const HOUR: i64 = 60 * 60 * 1000;

/// Creates a key. Its secret is returned only this once.
///
/// # Errors
/// `ApiError::Validation` when `expires_at` is in the past; otherwise when the database fails.
pub async fn create(db: &Db, store_id: StoreId, new: NewApiKey) -> Result<CreatedApiKeyResponse, ApiError> {
    if new.expires_at.is_some_and(|at| at <= clock::now()) {
        return Err(ApiError::parameter("/expires_at", "in_the_past", "A key has to expire in the future."));
    }
    transaction::write(db, |tx| {
        let new = new.clone();
        Box::pin(async move {
            let created = insert(tx, store_id, new).await?;
            let entry = Entry::of_store(store_id, AuditAction::ApiKeyCreated).to(created.key.id.uuid());
            entry.after(&created.key)?.record(tx).await?;
            Ok(created)
        })
    })
    .await
}

async fn insert(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    new: NewApiKey,
) -> Result<CreatedApiKeyResponse, ApiError> {
    let secret = format!("{PREFIX}{}", secret::random());
    let scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.as_str()).collect();
    let model = api_keys::ActiveModel {
        store_id: Set(store_id.uuid()),
        id: Set(Uuid::now_v7()),
        name: Set(new.name),
        prefix: Set(secret.chars().take(8).collect()),
        secret_hash: Set(secret::hash(&secret)),
        scopes: Set(scopes.join(" ")),
        created_at: Set(clock::now().millis()),
        last_used_at: Set(None),
        revoked_at: Set(None),
        expires_at: Set(new.expires_at.map(Timestamp::millis)),
    };
    let key = response(model.insert(db).await?)?;
    Ok(CreatedApiKeyResponse { key, secret })
}

/// Rotates a key: creates one with the same name and scopes, and lets the old one expire after the overlap.
///
/// # Errors
/// `ApiError::NotFound` when the store has no such key; `ApiError::Conflict` when it was revoked or has
/// expired.
pub async fn rotate(
    db: &Db,
    store_id: StoreId,
    id: ApiKeyId,
    rotation: Rotation,
) -> Result<CreatedApiKeyResponse, ApiError> {
    transaction::write(db, |tx| {
        Box::pin(async move {
            let now = clock::now();
            let before = lock(tx, store_id, id).await?;
            let ended = before.revoked_at.is_some() || before.expires_at.is_some_and(|at| at <= now);
            if ended {
                return Err(ApiError::Conflict("This key has ended already. Create a new one."));
            }
            let ends = Timestamp::from_millis(now.millis() + i64::from(rotation.overlap_hours) * HOUR);
            let ends = before.expires_at.map_or(ends, |at| at.min(ends));
            let mut sql = Sql::new("UPDATE api_keys SET expires_at = ");
            sql.bind(ends.millis()).push(" WHERE store_id = ").bind(store_id.uuid());
            sql.push(" AND id = ").bind(id.uuid());
            sql.execute(tx).await?;
            let new =
                NewApiKey { name: before.name.clone(), scopes: before.scopes.clone(), expires_at: None };
            let created = insert(tx, store_id, new).await?;
            let old = ApiKeyResponse { expires_at: Some(ends), ..before };
            let entry = Entry::of_store(store_id, AuditAction::ApiKeyRotated).to(id.uuid());
            entry.before(&old)?.after(&created.key)?.record(tx).await?;
            Ok(created)
        })
    })
    .await
}

/// Revokes a key. Idempotent.
///
/// # Errors
/// `ApiError::NotFound` when the store has no such key.
pub async fn revoke(db: &Db, store_id: StoreId, id: ApiKeyId) -> Result<(), ApiError> {
    transaction::write(db, |tx| {
        Box::pin(async move {
            let before = lock(tx, store_id, id).await?;
            if before.revoked_at.is_some() {
                return Ok(());
            }
            let now = clock::now();
            let mut sql = Sql::new("UPDATE api_keys SET revoked_at = ");
            sql.bind(now.millis()).push(" WHERE store_id = ").bind(store_id.uuid());
            sql.push(" AND id = ").bind(id.uuid());
            sql.execute(tx).await?;
            let after = ApiKeyResponse { revoked_at: Some(now), ..before.clone() };
            let entry = Entry::of_store(store_id, AuditAction::ApiKeyRevoked).to(id.uuid());
            entry.changed(&before, &after)?.record(tx).await
        })
    })
    .await
}

/// Reads a key, locked until the transaction ends.
async fn lock(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    id: ApiKeyId,
) -> Result<ApiKeyResponse, ApiError> {
    let key = (store_id.uuid(), id.uuid());
    let found = if is_sqlite(db) {
        Entity::find_by_id(key).one(db).await?
    } else {
        sea_orm::QuerySelect::lock_exclusive(Entity::find_by_id(key)).one(db).await?
    };
    Ok(response(found.ok_or(ApiError::NotFound("API key"))?)?)
}

/// Maps a row to the response.
///
/// # Errors
/// `DbErr` when a scope is unknown.
pub fn response(model: Model) -> Result<ApiKeyResponse, DbErr> {
    Ok(ApiKeyResponse {
        id: ApiKeyId::new(model.id),
        name: model.name,
        prefix: model.prefix,
        scopes: scopes(&model.scopes)?,
        created_at: Timestamp::from_millis(model.created_at),
        last_used_at: model.last_used_at.map(Timestamp::from_millis),
        expires_at: model.expires_at.map(Timestamp::from_millis),
        revoked_at: model.revoked_at.map(Timestamp::from_millis),
    })
}
