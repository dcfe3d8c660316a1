//! `Idempotency-Key`: a POST that is sent again gets the answer of the first.

use std::future::Future;

use actix_web::{
    HttpRequest, HttpResponse, body,
    http::{StatusCode, header},
};
use fanbase_domain::ids::StoreId;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _};
use sha2::{Digest as _, Sha256};

use crate::{
    clock,
    db::{
        entities::idempotency_keys::{ActiveModel, Entity, Model},
        sql::Sql,
    },
    error::ApiError,
    http::state::AppState,
};

/// Longest key.
const MAX_LENGTH: usize = 255;
/// How long answers are kept.
const KEPT_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// After this, a request without an answer is taken to have died.
const ABANDONED_MILLIS: i64 = 60 * 1000;

/// Answers a request once per key. `body_hash` tells whether it is the same request.
///
/// # Errors
/// When the key was used for another request or that is still running, or `work` fails.
pub async fn once<F>(
    state: &AppState,
    store_id: StoreId,
    request: &HttpRequest,
    body_hash: &[u8],
    work: F,
) -> Result<HttpResponse, ApiError>
where
    F: Future<Output = Result<HttpResponse, ApiError>>,
{
    let Some(key) = request.headers().get("idempotency-key") else { return work.await };
    let key = key.to_str().unwrap_or_default();
    if key.is_empty() || key.len() > MAX_LENGTH {
        return Err(ApiError::parameter("Idempotency-Key", "invalid", "1 to 255 visible ASCII characters."));
    }
    let key_hash = Sha256::digest(key.as_bytes()).to_vec();
    let request_hash = Sha256::new()
        .chain_update(request.method().as_str())
        .chain_update(request.path())
        .chain_update(request.query_string())
        .chain_update(body_hash)
        .finalize()
        .to_vec();
    if let Some(answer) = reserve(state, store_id, &key_hash, &request_hash).await? {
        return Ok(answer);
    }
    match work.await {
        Ok(response) => keep(state, store_id, key_hash, response).await,
        Err(error) => {
            // Nothing was changed, so the key can be used again.
            forget(state, store_id, &key_hash).await?;
            Err(error)
        }
    }
}

async fn reserve(
    state: &AppState,
    store_id: StoreId,
    key_hash: &[u8],
    request_hash: &[u8],
) -> Result<Option<HttpResponse>, ApiError> {
    let now = clock::now().millis();
    let mut sql = Sql::new("DELETE FROM idempotency_keys WHERE created_at < ");
    sql.bind(now - KEPT_MILLIS);
    sql.execute(state.db.write()).await?;
    let mut sql =
        Sql::new("INSERT INTO idempotency_keys (store_id, key_hash, request_hash, created_at) VALUES (");
    sql.bind(store_id.uuid()).push(", ").bind(key_hash.to_vec()).push(", ").bind(request_hash.to_vec());
    sql.push(", ").bind(now).push(
        ") ON CONFLICT (store_id, key_hash) DO UPDATE SET created_at = excluded.created_at
           WHERE idempotency_keys.status IS NULL AND idempotency_keys.created_at < ",
    );
    sql.bind(now - ABANDONED_MILLIS);
    if sql.execute(state.db.write()).await?.rows_affected() > 0 {
        return Ok(None);
    }
    let found = Entity::find_by_id((store_id.uuid(), key_hash.to_vec())).one(state.db.write()).await?;
    let found = found.ok_or(ApiError::IdempotencyInProgress)?;
    if found.request_hash != request_hash {
        return Err(ApiError::IdempotencyKeyReused);
    }
    replay(found).map(Some)
}

fn replay(found: Model) -> Result<HttpResponse, ApiError> {
    let status = found.status.and_then(|status| u16::try_from(status).ok());
    let status = status.and_then(|status| StatusCode::from_u16(status).ok());
    let mut response = HttpResponse::build(status.ok_or(ApiError::IdempotencyInProgress)?);
    for (name, value) in [
        (header::CONTENT_TYPE, found.content_type),
        (header::LOCATION, found.location),
        (header::ETAG, found.etag),
    ] {
        if let Some(value) = value {
            response.insert_header((name, value));
        }
    }
    response.insert_header(("idempotency-replayed", "true"));
    Ok(response.body(found.body.unwrap_or_default()))
}

async fn keep(
    state: &AppState,
    store_id: StoreId,
    key_hash: Vec<u8>,
    response: HttpResponse,
) -> Result<HttpResponse, ApiError> {
    let (response, content) = response.into_parts();
    let content = body::to_bytes(content).await.map_err(|error| ApiError::Internal(error.to_string()))?;
    let text = |name: header::HeaderName| {
        response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    let kept = ActiveModel {
        store_id: Set(store_id.uuid()),
        key_hash: Set(key_hash),
        status: Set(Some(i64::from(response.status().as_u16()))),
        content_type: Set(text(header::CONTENT_TYPE)),
        location: Set(text(header::LOCATION)),
        etag: Set(text(header::ETAG)),
        body: Set(Some(content.to_vec())),
        ..Default::default()
    };
    kept.update(state.db.write()).await?;
    Ok(response.set_body(body::BoxBody::new(content)))
}

async fn forget(state: &AppState, store_id: StoreId, key_hash: &[u8]) -> Result<(), ApiError> {
    Entity::delete_by_id((store_id.uuid(), key_hash.to_vec())).exec(state.db.write()).await?;
    Ok(())
}
