//! `/api/v1/stores/{store_id}/conversion`

use actix_web::{get, web::Json};
use fanbase_domain::wire::conversion::ConversionResponse;

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

/// Get the conversion
///
/// How many of the customers bought or subscribe, how many have an account, how many of those bought, and
/// the same by when they became known.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "overview", params(("store_id" = Uuid, Path, description = "The store"), PeriodQuery),
    responses((status = 200, description = "The conversion.", body = ConversionResponse), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/conversion")]
pub(crate) async fn get_conversion(
    state: State,
    scope: StoreScope<Read>,
    params: PeriodParams,
) -> Result<Json<ConversionResponse>, ApiError> {
    let zone = params.zone(&scope.store);
    Ok(Json(service::read(&state.db, &scope.store, params.period, clock::now(), zone).await?))
}
