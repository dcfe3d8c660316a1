//! `/api/v1/admin`

use actix_web::{
    HttpResponse, get, patch, post,
    web::{Json, Path},
};
use fanbase_domain::{
    ids::UserId,
    problem::Problem,
    wire::{
        admin::{
            AdminUserCountResponse, AdminUserDetailResponse, AdminUserPage, ConnectionPatch,
            ConnectionResponse, PatchStoreConnectionRequest, PatchUserRequest, PlatformStatsResponse,
            UserBulk, UserBulkRequest, UserBulkResponse,
        },
        audit::AuditEntryResponse,
        page::Page,
    },
};

use super::{
    changes, list,
    params::{UserFilterParams, UserFilterQuery, UserPageQuery, UserParams},
    stats,
};
use crate::{
    accounts::{
        audit::{self, params::AuditParams},
        stores,
    },
    app_state::State,
    auth::admin::PlatformAdmin,
    clock,
    db::periods::Zone,
    error::ApiError,
    http::{
        body::JsonBody,
        period_params::{PeriodParams, PeriodQuery},
        problems::AdminProblems,
    },
};

fn user_id(text: &str) -> Result<UserId, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound("user"))
}

/// List accounts
///
/// All registered accounts of the platform.
#[utoipa::path(
    tag = "admin", security(("session" = ["admin"])), params(UserFilterQuery, UserPageQuery),
    responses((status = 200, description = "A page of accounts.", body = AdminUserPage), AdminProblems)
)]
#[get("/api/v1/admin/users")]
pub(crate) async fn list_users(
    state: State,
    _: PlatformAdmin,
    params: UserParams,
) -> Result<Json<AdminUserPage>, ApiError> {
    Ok(Json(list::page(state.db.read(), &params).await?))
}

/// Count accounts
///
/// Exact, for any filter.
#[utoipa::path(
    tag = "admin", security(("session" = ["admin"])), params(UserFilterQuery),
    responses((status = 200, description = "How many there are.", body = AdminUserCountResponse), AdminProblems)
)]
#[get("/api/v1/admin/users/counts")]
pub(crate) async fn count_users(
    state: State,
    _: PlatformAdmin,
    UserFilterParams(filter): UserFilterParams,
) -> Result<Json<AdminUserCountResponse>, ApiError> {
    Ok(Json(AdminUserCountResponse { total: list::count(state.db.read(), &filter).await? }))
}

/// Get an account
///
/// With the stores that it is a member of.
#[utoipa::path(
    tag = "admin", security(("session" = ["admin"])),
    params(("user_id" = Uuid, Path, description = "The account")),
    responses(
        (status = 200, description = "The account.", body = AdminUserDetailResponse),
        (status = 404, description = "There is none.", body = Problem, content_type = "application/problem+json"),
        AdminProblems,
    )
)]
#[get("/api/v1/admin/users/{user_id}")]
pub(crate) async fn get_user(
    state: State,
    _: PlatformAdmin,
    path: Path<String>,
) -> Result<Json<AdminUserDetailResponse>, ApiError> {
    Ok(Json(list::find(state.db.read(), user_id(&path)?).await?))
}

/// Change an account
///
/// Its role in every store that it is a member of, whether it administers the platform, whether it
/// is suspended. All of it or nothing. Admins do not take rights from themselves, and a store
/// always keeps an owner.
#[utoipa::path(
    tag = "admin", security(("session" = ["admin"])),
    params(("user_id" = Uuid, Path, description = "The account")),
    request_body = PatchUserRequest,
    responses(
        (status = 200, description = "The account.", body = AdminUserDetailResponse),
        (status = 404, description = "There is none.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It cannot be changed so; the detail says why.", body = Problem, content_type = "application/problem+json"),
        AdminProblems,
    )
)]
#[patch("/api/v1/admin/users/{user_id}")]
pub(crate) async fn patch_user(
    state: State,
    PlatformAdmin(by): PlatformAdmin,
    path: Path<String>,
    body: JsonBody<PatchUserRequest>,
) -> Result<Json<AdminUserDetailResponse>, ApiError> {
    let user = changes::patch(&state.db, user_id(&path)?, body.value, by).await?;
    state.access.clear();
    Ok(Json(user))
}

/// Change many accounts
///
/// Those that are named, or all that the filter admits, at most 1,000. With `dry_run` it only
/// tells what would become of them. Each account is changed for itself; one that is refused does
/// not stop the others.
#[utoipa::path(
    tag = "admin", security(("session" = ["admin"])), params(UserFilterQuery), request_body = UserBulkRequest,
    responses(
        (status = 200, description = "What became of them.", body = UserBulkResponse),
        (status = 409, description = "The filter admits too many.", body = Problem, content_type = "application/problem+json"),
        AdminProblems,
    )
)]
#[post("/api/v1/admin/users/bulk")]
pub(crate) async fn change_users(
    state: State,
    PlatformAdmin(by): PlatformAdmin,
    UserFilterParams(filter): UserFilterParams,
    body: JsonBody<UserBulkRequest>,
) -> Result<Json<UserBulkResponse>, ApiError> {
    let bulk = UserBulk::try_from(body.value)?;
    let changed = changes::bulk(&state.db, &filter, bulk, by).await?;
    state.access.clear();
    Ok(Json(changed))
}

/// Connect a store to Stripe
///
/// Says which connected account is the store's, and whether the store takes events of the platform's own
/// account. Only admins may: whoever could choose an account would read what others sell.
#[utoipa::path(
    tag = "admin", security(("session" = ["admin"])),
    params(("id" = Uuid, Path, description = "The store")),
    request_body = PatchStoreConnectionRequest,
    responses(
        (status = 200, description = "How the store is connected.", body = ConnectionResponse),
        (status = 404, description = "There is no such store.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Another store is connected to the account.", body = Problem, content_type = "application/problem+json"),
        AdminProblems,
    )
)]
#[patch("/api/v1/admin/stores/{id}/connection")]
pub(crate) async fn patch_store_connection(
    state: State,
    _: PlatformAdmin,
    path: Path<String>,
    body: JsonBody<PatchStoreConnectionRequest>,
) -> Result<Json<ConnectionResponse>, ApiError> {
    let id = path.parse().map_err(|_| ApiError::NotFound("store"))?;
    let patch = ConnectionPatch::try_from(body.value)?;
    let connection = stores::service::connect(&state.db, id, patch).await?;
    state.access.clear();
    Ok(Json(connection))
}

/// Get the platform in numbers
///
/// Accounts, creators, students, stores and fans, and how they grew.
#[utoipa::path(
    tag = "admin", security(("session" = ["admin"])), params(PeriodQuery),
    responses((status = 200, description = "The numbers.", body = PlatformStatsResponse), AdminProblems)
)]
#[get("/api/v1/admin/stats")]
pub(crate) async fn get_stats(
    state: State,
    _: PlatformAdmin,
    params: PeriodParams,
) -> Result<Json<PlatformStatsResponse>, ApiError> {
    let zone = Zone::of(params.time_zone, None, params.offset);
    Ok(Json(stats::read(&state.db, params.period, clock::now(), zone).await?))
}

/// Read the audit log of the platform
///
/// Of all stores and the platform itself, newest first.
#[utoipa::path(
    tag = "audit log", security(("session" = ["admin"])), params(AuditParams),
    responses((status = 200, description = "A page of the log.", body = Page<AuditEntryResponse>), AdminProblems)
)]
#[get("/api/v1/admin/audit-log")]
pub(crate) async fn list_platform_audit_log(
    state: State,
    _: PlatformAdmin,
    params: AuditParams,
) -> Result<Json<Page<AuditEntryResponse>>, ApiError> {
    Ok(Json(audit::queries::page(state.db.read(), None, &params).await?))
}

/// Export the audit log of the platform
///
/// CSV, newest first, streamed.
#[utoipa::path(
    tag = "audit log", security(("session" = ["admin"])), params(AuditParams),
    responses((status = 200, description = "The log.", body = String, content_type = "text/csv"), AdminProblems)
)]
#[get("/api/v1/admin/audit-log/export")]
pub(crate) async fn export_platform_audit_log(
    state: State,
    _: PlatformAdmin,
    params: AuditParams,
) -> Result<HttpResponse, ApiError> {
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("content-disposition", "attachment; filename=\"audit-log.csv\""))
        .streaming(Box::pin(audit::export::stream(state.db.clone(), None, params))))
}
