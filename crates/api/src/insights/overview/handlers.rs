//! `/api/v1/stores/{store_id}/overview`

use actix_web::{get, web::Json};
use fanbase_domain::wire::overview::OverviewResponse;

use super::service;
use crate::{
    app_state::State,
    auth::scope::{Read, StoreScope},
    clock,
    error::ApiError,
    http::{
        period_params::{PeriodParams, PeriodQuery},
        problems::StoreProblems,
    },
};

/// Get the overview
///
/// The audience at a glance: how it grew, its types, where it came from, who may be mailed.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "overview", params(("store_id" = Uuid, Path, description = "The store"), PeriodQuery),
    responses((status = 200, description = "The overview.", body = OverviewResponse), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/overview")]
pub(crate) async fn get_overview(
    state: State,
    scope: StoreScope<Read>,
    params: PeriodParams,
) -> Result<Json<OverviewResponse>, ApiError> {
    let zone = params.zone(&scope.store);
    Ok(Json(service::read(&state.db, &scope.store, params.period, clock::now(), zone).await?))
}
