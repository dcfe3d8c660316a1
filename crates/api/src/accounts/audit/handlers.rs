//! `/api/v1/stores/{store_id}/audit-log`

use actix_web::{HttpResponse, get, web::Json};
use fanbase_domain::wire::{audit::AuditEntryResponse, page::Page};

use super::{export, params::AuditParams, queries};
use crate::{
    app_state::State,
    auth::scope::{Manage, StoreScope},
    error::ApiError,
    http::problems::StoreProblems,
};

/// Read the audit log
///
/// Who did what in the store, newest first. Only people may.
#[utoipa::path(
    security(("session" = ["manage_store"])),
    tag = "audit log", params(("store_id" = Uuid, Path, description = "The store"), AuditParams),
    responses((status = 200, description = "A page of the log.", body = Page<AuditEntryResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/audit-log")]
pub(crate) async fn list_audit_log(
    state: State,
    scope: StoreScope<Manage>,
    params: AuditParams,
) -> Result<Json<Page<AuditEntryResponse>>, ApiError> {
    Ok(Json(queries::page(state.db.read(), Some(scope.id()), &params).await?))
}

/// Export the audit log
///
/// CSV, newest first, streamed. Only people may.
#[utoipa::path(
    security(("session" = ["manage_store"])),
    tag = "audit log", params(("store_id" = Uuid, Path, description = "The store"), AuditParams),
    responses((status = 200, description = "The log.", body = String, content_type = "text/csv"), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/audit-log/export")]
pub(crate) async fn export_audit_log(
    state: State,
    scope: StoreScope<Manage>,
    params: AuditParams,
) -> Result<HttpResponse, ApiError> {
    let name = format!("attachment; filename=\"{}-audit-log.csv\"", scope.store.slug);
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("content-disposition", name))
        .streaming(Box::pin(export::stream(state.db.clone(), Some(scope.id()), params))))
}
