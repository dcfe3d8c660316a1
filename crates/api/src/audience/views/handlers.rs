//! `/api/v1/stores/{store_id}/views`

use actix_web::{
    HttpRequest, HttpResponse, delete, get, patch, post,
    web::{Json, Path},
};
use fanbase_domain::{
    ids::ViewId,
    problem::Problem,
    wire::views::{CreateViewRequest, NewView, PatchViewRequest, ViewPatch, ViewResponse},
};

use super::service;
use crate::{
    app_state::State,
    auth::scope::{Read, StoreScope, Write},
    error::ApiError,
    http::{body::JsonBody, idempotency, problems::StoreProblems, stored_response::Answer},
};

fn view_id(text: &str) -> Result<ViewId, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound("view"))
}

/// List views
///
/// All of them, by name.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "views", params(("store_id" = Uuid, Path, description = "The store")),
    responses((status = 200, description = "All views.", body = Vec<ViewResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/views")]
pub(crate) async fn list_views(
    state: State,
    scope: StoreScope<Read>,
) -> Result<Json<Vec<ViewResponse>>, ApiError> {
    Ok(Json(service::list(state.db.read(), scope.id()).await?))
}

/// Save a view
///
/// For everybody in the store. A store has 100 at most.
#[utoipa::path(
    security(("api_key" = ["fans:write"]), ("session" = ["edit"])),
    tag = "views", params(("store_id" = Uuid, Path, description = "The store"), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer, for 24 hours")),
    request_body = CreateViewRequest,
    responses(
        (status = 201, description = "The view.", body = ViewResponse),
        (status = 409, description = "The store has a view of this name, or 100.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[post("/api/v1/stores/{store_id}/views")]
pub(crate) async fn create_view(
    state: State,
    scope: StoreScope<Write>,
    request: HttpRequest,
    body: JsonBody<CreateViewRequest>,
) -> Result<HttpResponse, ApiError> {
    let new = NewView::try_from(body.value)?;
    let store_id = scope.id();
    idempotency::once(&state, store_id, &request, &body.hash, |tx| {
        let new = new.clone();
        Box::pin(async move { Answer::created(&service::create(tx, store_id, new).await?) })
    })
    .await
}

/// Change a view
///
/// Its name, its query, or both.
#[utoipa::path(
    security(("api_key" = ["fans:write"]), ("session" = ["edit"])),
    tag = "views",
    params(("store_id" = Uuid, Path, description = "The store"), ("view_id" = Uuid, Path, description = "The view")),
    request_body = PatchViewRequest,
    responses(
        (status = 200, description = "The view.", body = ViewResponse),
        (status = 409, description = "The store has a view of this name.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[patch("/api/v1/stores/{store_id}/views/{view_id}")]
pub(crate) async fn patch_view(
    state: State,
    scope: StoreScope<Write>,
    path: Path<(String, String)>,
    body: JsonBody<PatchViewRequest>,
) -> Result<Json<ViewResponse>, ApiError> {
    let patch = ViewPatch::try_from(body.value)?;
    Ok(Json(service::patch(&state.db, scope.id(), view_id(&path.1)?, patch).await?))
}

/// Delete a view
///
/// The fans in it stay.
#[utoipa::path(
    security(("api_key" = ["fans:write"]), ("session" = ["edit"])),
    tag = "views",
    params(("store_id" = Uuid, Path, description = "The store"), ("view_id" = Uuid, Path, description = "The view")),
    responses((status = 204, description = "Deleted."), StoreProblems)
)]
#[delete("/api/v1/stores/{store_id}/views/{view_id}")]
pub(crate) async fn delete_view(
    state: State,
    scope: StoreScope<Write>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    service::delete(&state.db, scope.id(), view_id(&path.1)?).await?;
    Ok(HttpResponse::NoContent().finish())
}
