//! `/api/v1/stores/{store_id}/members`

use actix_web::{
    HttpResponse, delete, get, patch, post,
    web::{Json, Path},
};
use fanbase_domain::{
    ids::UserId,
    problem::Problem,
    role::Role,
    wire::members::{MemberResponse, PatchMemberRequest},
};

use super::{queries, service};
use crate::{
    app_state::State,
    auth::scope::{Belong, ManageMembers, StoreScope},
    error::ApiError,
    http::{body::JsonBody, problems::StoreProblems},
};

fn user_id(text: &str) -> Result<UserId, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound("member"))
}

fn role(scope: &StoreScope<ManageMembers>) -> Result<Role, ApiError> {
    scope.role.ok_or_else(|| ApiError::Internal("somebody manages members without a role".to_owned()))
}

/// List members
///
/// Those who may most first. Only people may.
#[utoipa::path(
    security(("session" = ["read"])),
    tag = "members", params(("store_id" = Uuid, Path, description = "The store")),
    responses((status = 200, description = "All members.", body = Vec<MemberResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/members")]
pub(crate) async fn list_members(
    state: State,
    scope: StoreScope<Belong>,
) -> Result<Json<Vec<MemberResponse>>, ApiError> {
    Ok(Json(queries::list(state.db.read(), scope.id()).await?))
}

/// Change a member
///
/// Gives another role. Nobody decides over those above them, and a store always keeps an owner.
/// Only people may.
#[utoipa::path(
    security(("session" = ["manage_members"])),
    tag = "members",
    params(("store_id" = Uuid, Path, description = "The store"), ("user_id" = Uuid, Path, description = "The account")),
    request_body = PatchMemberRequest,
    responses(
        (status = 200, description = "The member.", body = MemberResponse),
        (status = 409, description = "The store would have no owner.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[patch("/api/v1/stores/{store_id}/members/{user_id}")]
pub(crate) async fn patch_member(
    state: State,
    scope: StoreScope<ManageMembers>,
    path: Path<(String, String)>,
    body: JsonBody<PatchMemberRequest>,
) -> Result<Json<MemberResponse>, ApiError> {
    let (id, by) = (user_id(&path.1)?, role(&scope)?);
    let member = service::appoint(&state.db, scope.id(), id, body.value.role, by).await?;
    state.access.clear();
    Ok(Json(member))
}

/// Remove a member
///
/// What they made stays. Only people may.
#[utoipa::path(
    security(("session" = ["manage_members"])),
    tag = "members",
    params(("store_id" = Uuid, Path, description = "The store"), ("user_id" = Uuid, Path, description = "The account")),
    responses(
        (status = 204, description = "Removed."),
        (status = 409, description = "The store would have no owner.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[delete("/api/v1/stores/{store_id}/members/{user_id}")]
pub(crate) async fn delete_member(
    state: State,
    scope: StoreScope<ManageMembers>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    service::remove(&state.db, scope.id(), user_id(&path.1)?, Some(role(&scope)?)).await?;
    state.access.clear();
    Ok(HttpResponse::NoContent().finish())
}

/// Leave a store
///
/// Whoever is signed in is no member any more. Only people may.
#[utoipa::path(
    security(("session" = ["read"])),
    tag = "members", params(("store_id" = Uuid, Path, description = "The store")),
    responses(
        (status = 204, description = "Left."),
        (status = 409, description = "The store would have no owner.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[post("/api/v1/stores/{store_id}/leave")]
pub(crate) async fn leave_store(state: State, scope: StoreScope<Belong>) -> Result<HttpResponse, ApiError> {
    let user = scope.actor.user_id();
    let user = user.ok_or_else(|| ApiError::Internal("an API key is no member".to_owned()))?;
    service::remove(&state.db, scope.id(), user, None).await?;
    state.access.clear();
    Ok(HttpResponse::NoContent().finish())
}
