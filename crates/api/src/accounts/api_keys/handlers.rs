//! `/api/v1/stores/{store_id}/api-keys`

use actix_web::{
    HttpResponse, delete, get, post,
    web::{Json, Path},
};
use fanbase_domain::{
    ids::ApiKeyId,
    problem::Problem,
    wire::api_keys::{
        ApiKeyResponse, CreateApiKeyRequest, CreatedApiKeyResponse, NewApiKey, RotateApiKeyRequest, Rotation,
    },
};
use sea_orm::QueryOrder as _;

use super::service;
use crate::{
    app_state::State,
    auth::scope::{Manage, StoreScope},
    db::entities::api_keys::{Column, Entity},
    error::ApiError,
    http::{body::JsonBody, problems::StoreProblems},
};

fn key_id(text: &str) -> Result<ApiKeyId, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound("API key"))
}

/// List API keys
///
/// Revoked ones too, newest first. Only people may.
#[utoipa::path(
    security(("session" = ["manage_store"])),
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
    security(("session" = ["manage_store"])),
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
    // No idempotency key: the response contains a secret, which must not be stored.
    let new = NewApiKey::try_from(body.value)?;
    let key = service::create(&state.db, scope.id(), new).await?;
    Ok(HttpResponse::Created().insert_header(("cache-control", "no-store")).json(key))
}

/// Replace an API key
///
/// Creates a key of the same name and scopes, whose secret is shown this once. The old one goes on
/// working for some hours, so that nothing stops in between. Only people may.
#[utoipa::path(
    security(("session" = ["manage_store"])),
    tag = "api keys",
    params(("store_id" = Uuid, Path, description = "The store"), ("key_id" = Uuid, Path, description = "The old key")),
    request_body = RotateApiKeyRequest,
    responses(
        (status = 201, description = "The new key and its secret.", body = CreatedApiKeyResponse),
        (status = 409, description = "The old key has ended already.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[post("/api/v1/stores/{store_id}/api-keys/{key_id}/rotate")]
pub(crate) async fn rotate_api_key(
    state: State,
    scope: StoreScope<Manage>,
    path: Path<(String, String)>,
    body: JsonBody<RotateApiKeyRequest>,
) -> Result<HttpResponse, ApiError> {
    let rotation = Rotation::try_from(body.value)?;
    let key = service::rotate(&state.db, scope.id(), key_id(&path.1)?, rotation).await?;
    state.access.clear();
    Ok(HttpResponse::Created().insert_header(("cache-control", "no-store")).json(key))
}

/// Revoke an API key
///
/// At once and for good. Only people may.
#[utoipa::path(
    security(("session" = ["manage_store"])),
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
    service::revoke(&state.db, scope.id(), key_id(&path.1)?).await?;
    state.access.clear();
    Ok(HttpResponse::NoContent().finish())
}
