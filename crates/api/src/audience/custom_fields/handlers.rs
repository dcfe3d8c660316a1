//! `/api/v1/stores/{store_id}/custom-fields`

use actix_web::{
    HttpRequest, HttpResponse, delete, get, patch, post,
    web::{Json, Path},
};
use fanbase_domain::problem::Problem;
use fanbase_domain::wire::custom_fields::{
    CustomFieldRequest, CustomFieldResponse, CustomFieldUsageResponse, FieldLabel,
};
use sea_orm::QueryOrder as _;

use super::service;
use crate::{
    app_state::State,
    auth::scope::{Read, StoreScope, Write},
    db::entities::custom_fields::{Column, Entity},
    error::ApiError,
    http::{body::JsonBody, idempotency, problems::StoreProblems, stored_response::Answer},
};

/// List custom fields
///
/// Labels of everything that customers have in `attributes`, by key.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "custom fields", params(("store_id" = Uuid, Path, description = "The store")),
    responses((status = 200, description = "All fields.", body = Vec<CustomFieldResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/custom-fields")]
pub(crate) async fn list_custom_fields(
    state: State,
    scope: StoreScope<Read>,
) -> Result<Json<Vec<CustomFieldResponse>>, ApiError> {
    let fields = Entity::in_store(scope.id()).order_by_asc(Column::Key).all(state.db.read()).await?;
    Ok(Json(fields.into_iter().map(service::response).collect()))
}

/// Create a custom field
///
/// Its key is made from the label, once.
#[utoipa::path(
    security(("api_key" = ["fans:write"]), ("session" = ["edit"])),
    tag = "custom fields", params(("store_id" = Uuid, Path, description = "The store"), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer, for 24 hours")),
    request_body = CustomFieldRequest,
    responses(
        (status = 201, description = "The field.", body = CustomFieldResponse),
        (status = 409, description = "The store has a field of this name.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[post("/api/v1/stores/{store_id}/custom-fields")]
pub(crate) async fn create_custom_field(
    state: State,
    scope: StoreScope<Write>,
    request: HttpRequest,
    body: JsonBody<CustomFieldRequest>,
) -> Result<HttpResponse, ApiError> {
    let new = FieldLabel::try_from(body.value)?;
    let store_id = scope.id();
    idempotency::once(&state, store_id, &request, &body.hash, |tx| {
        let new = new.clone();
        Box::pin(async move { Answer::created(&service::create(tx, store_id, new).await?) })
    })
    .await
}

/// Rename a custom field
///
/// Changes the label; the key stays, and with it every value.
#[utoipa::path(
    security(("api_key" = ["fans:write"]), ("session" = ["edit"])),
    tag = "custom fields",
    params(("store_id" = Uuid, Path, description = "The store"), ("field_id" = Uuid, Path, description = "The field")),
    request_body = CustomFieldRequest,
    responses((status = 200, description = "The field.", body = CustomFieldResponse), StoreProblems)
)]
#[patch("/api/v1/stores/{store_id}/custom-fields/{field_id}")]
pub(crate) async fn patch_custom_field(
    state: State,
    scope: StoreScope<Write>,
    path: Path<(String, String)>,
    body: JsonBody<CustomFieldRequest>,
) -> Result<Json<CustomFieldResponse>, ApiError> {
    let id = path.1.parse().map_err(|_| ApiError::NotFound("custom field"))?;
    let label = FieldLabel::try_from(body.value)?;
    Ok(Json(service::rename(&state.db, scope.id(), id, label).await?))
}

/// Get a custom field
///
/// With how many customers have a value in it, who are counted for this.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "custom fields",
    params(("store_id" = Uuid, Path, description = "The store"), ("field_id" = Uuid, Path, description = "The field")),
    responses((status = 200, description = "The field.", body = CustomFieldUsageResponse), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/custom-fields/{field_id}")]
pub(crate) async fn get_custom_field(
    state: State,
    scope: StoreScope<Read>,
    path: Path<(String, String)>,
) -> Result<Json<CustomFieldUsageResponse>, ApiError> {
    let id = path.1.parse().map_err(|_| ApiError::NotFound("custom field"))?;
    Ok(Json(service::usage(state.db.read(), scope.id(), id).await?))
}

/// Delete a custom field
///
/// With every value in it. The answer says how many customers had one.
#[utoipa::path(
    security(("api_key" = ["fans:write"]), ("session" = ["edit"])),
    tag = "custom fields",
    params(("store_id" = Uuid, Path, description = "The store"), ("field_id" = Uuid, Path, description = "The field")),
    responses((status = 200, description = "The field that was deleted.", body = CustomFieldUsageResponse), StoreProblems)
)]
#[delete("/api/v1/stores/{store_id}/custom-fields/{field_id}")]
pub(crate) async fn delete_custom_field(
    state: State,
    scope: StoreScope<Write>,
    path: Path<(String, String)>,
) -> Result<Json<CustomFieldUsageResponse>, ApiError> {
    let id = path.1.parse().map_err(|_| ApiError::NotFound("custom field"))?;
    Ok(Json(service::delete(&state.db, scope.id(), id).await?))
}
