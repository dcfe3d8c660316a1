//! `/api/v1/stores/{store_id}/api-keys`

use actix_web::{
    HttpResponse, delete, get, post,
    web::{Json, Path},
};
use fanbase_domain::wire::api_keys::{ApiKeyResponse, CreateApiKeyRequest, CreatedApiKeyResponse, NewApiKey};
use sea_orm::QueryOrder as _;

use super::service;
use crate::{
    auth::scope::{Manage, StoreScope},
    db::entities::api_keys::{Column, Entity},
    error::ApiError,
    http::{body::JsonBody, problems::StoreProblems, state::State},
};

/// List API keys
///
/// Revoked ones too, newest first. Only people may.
#[utoipa::path(
    tag = "api keys", params(("store_id" = Uuid, Path, description = "The store")),
    responses((status = 200, description = "All keys, without their secrets.", body = Vec<ApiKeyResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/api-keys")]
pub(crate) async fn list_api_keys(
    state: State,
    scope: StoreScope<Manage>,
) -> Result<Json<Vec<ApiKeyResponse>>, ApiError> {
    let keys = Entity::in_store(scope.id()).order_by_desc(Column::Id).all(state.db.read()).await?;
    Ok(Json(keys.into_iter().map(service::response).collect::<Result<_, _>>()?))
}

/// Create an API key
///
/// The secret is shown this once. Only people may.
#[utoipa::path(
    tag = "api keys", params(("store_id" = Uuid, Path, description = "The store")),
    request_body = CreateApiKeyRequest,
    responses((status = 201, description = "The key and its secret.", body = CreatedApiKeyResponse), StoreProblems)
)]
#[post("/api/v1/stores/{store_id}/api-keys")]
pub(crate) async fn create_api_key(
    state: State,
    scope: StoreScope<Manage>,
    body: JsonBody<CreateApiKeyRequest>,
) -> Result<HttpResponse, ApiError> {
    // No idempotency key here: the answer holds a secret, which is not kept.
    let new = NewApiKey::try_from(body.value)?;
    let key = service::create(&state.db, scope.id(), new).await?;
    Ok(HttpResponse::Created().insert_header(("cache-control", "no-store")).json(key))
}

/// Revoke an API key
///
/// At once and for good. Only people may.
#[utoipa::path(
    tag = "api keys",
    params(("store_id" = Uuid, Path, description = "The store"), ("key_id" = Uuid, Path, description = "The key")),
    responses((status = 204, description = "Revoked."), StoreProblems)
)]
#[delete("/api/v1/stores/{store_id}/api-keys/{key_id}")]
pub(crate) async fn revoke_api_key(
    state: State,
    scope: StoreScope<Manage>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let id = path.1.parse().map_err(|_| ApiError::NotFound("API key"))?;
    service::revoke(&state.db, scope.id(), id).await?;
    Ok(HttpResponse::NoContent().finish())
}
