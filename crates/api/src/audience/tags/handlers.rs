//! `/api/v1/stores/{store_id}/tags`

use actix_web::{
    HttpRequest, HttpResponse, delete, get, patch, post,
    web::{Json, Path},
};
use fanbase_domain::{
    ids::TagId,
    problem::Problem,
    tag::TagName,
    wire::tags::{MergeTagRequest, TagRequest, TagResponse},
};

use super::service;
use crate::{
    app_state::State,
    auth::scope::{Read, StoreScope, Write},
    error::ApiError,
    http::{body::JsonBody, idempotency, problems::StoreProblems, stored_response::Answer},
};

fn tag_id(text: &str) -> Result<TagId, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound("tag"))
}

/// List tags
///
/// All of them by name, and how many customers have each.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "tags", params(("store_id" = Uuid, Path, description = "The store")),
    responses((status = 200, description = "All tags.", body = Vec<TagResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/tags")]
pub(crate) async fn list_tags(
    state: State,
    scope: StoreScope<Read>,
) -> Result<Json<Vec<TagResponse>>, ApiError> {
    Ok(Json(service::list(state.db.read(), scope.id()).await?))
}

/// Create a tag
///
/// Names that differ in case or white space only are one tag.
#[utoipa::path(
    security(("api_key" = ["fans:write"]), ("session" = ["edit"])),
    tag = "tags", params(("store_id" = Uuid, Path, description = "The store"), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer, for 24 hours")), request_body = TagRequest,
    responses(
        (status = 201, description = "The tag.", body = TagResponse),
        (status = 409, description = "The store has a tag of this name.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[post("/api/v1/stores/{store_id}/tags")]
pub(crate) async fn create_tag(
    state: State,
    scope: StoreScope<Write>,
    request: HttpRequest,
    body: JsonBody<TagRequest>,
) -> Result<HttpResponse, ApiError> {
    let name = TagName::try_from(body.value)?;
    let store_id = scope.id();
    idempotency::once(&state, store_id, &request, &body.hash, |tx| {
        let name = name.clone();
        Box::pin(async move { Answer::created(&service::create(tx, store_id, &name).await?) })
    })
    .await
}

/// Rename a tag
///
/// On every customer at once.
#[utoipa::path(
    security(("api_key" = ["fans:write"]), ("session" = ["edit"])),
    tag = "tags",
    params(("store_id" = Uuid, Path, description = "The store"), ("tag_id" = Uuid, Path, description = "The tag")),
    request_body = TagRequest,
    responses(
        (status = 200, description = "The tag.", body = TagResponse),
        (status = 409, description = "The store has a tag of this name.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[patch("/api/v1/stores/{store_id}/tags/{tag_id}")]
pub(crate) async fn patch_tag(
    state: State,
    scope: StoreScope<Write>,
    path: Path<(String, String)>,
    body: JsonBody<TagRequest>,
) -> Result<Json<TagResponse>, ApiError> {
    let name = TagName::try_from(body.value)?;
    Ok(Json(service::rename(&state.db, scope.id(), tag_id(&path.1)?, &name).await?))
}

/// Delete a tag
///
/// Takes it off every customer.
#[utoipa::path(
    security(("api_key" = ["fans:write"]), ("session" = ["edit"])),
    tag = "tags",
    params(("store_id" = Uuid, Path, description = "The store"), ("tag_id" = Uuid, Path, description = "The tag")),
    responses((status = 204, description = "Deleted."), StoreProblems)
)]
#[delete("/api/v1/stores/{store_id}/tags/{tag_id}")]
pub(crate) async fn delete_tag(
    state: State,
    scope: StoreScope<Write>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    service::delete(&state.db, scope.id(), tag_id(&path.1)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Merge a tag into another
///
/// Everybody who has the tag gets the other one; the tag is gone.
#[utoipa::path(
    security(("api_key" = ["fans:write"]), ("session" = ["edit"])),
    tag = "tags",
    params(("store_id" = Uuid, Path, description = "The store"), ("tag_id" = Uuid, Path, description = "The tag that goes")),
    request_body = MergeTagRequest,
    responses((status = 200, description = "The tag that stays.", body = TagResponse), StoreProblems)
)]
#[post("/api/v1/stores/{store_id}/tags/{tag_id}/merge")]
pub(crate) async fn merge_tag(
    state: State,
    scope: StoreScope<Write>,
    path: Path<(String, String)>,
    body: JsonBody<MergeTagRequest>,
) -> Result<Json<TagResponse>, ApiError> {
    let (from, into) = (tag_id(&path.1)?, body.value.into);
    if from == into {
        return Err(ApiError::parameter("/into", "same_tag", "A tag cannot be merged into itself."));
    }
    Ok(Json(service::merge(&state.db, scope.id(), from, into).await?))
}
