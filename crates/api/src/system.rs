//! `/healthz`, `/readyz` and `/metrics`

use actix_web::{HttpResponse, get};
use sea_orm::ConnectionTrait as _;

use crate::{app_state::State, error::ApiError, http::problems::Problems};

/// Is the process alive?
#[utoipa::path(tag = "system", security(()), description = "Answers as long as the process runs.", responses((status = 200, description = "It is.", body = String)))]
#[get("/healthz")]
pub(crate) async fn get_health() -> &'static str {
    "ok"
}

/// Can it serve?
#[utoipa::path(
    tag = "system", security(()), description = "Asks the database, and says no while the server stops.",
    responses((status = 200, description = "It can.", body = String), Problems)
)]
#[get("/readyz")]
pub(crate) async fn get_readiness(state: State) -> Result<&'static str, ApiError> {
    if state.stopping.is_cancelled() {
        return Err(ApiError::Unavailable);
    }
    state.db.read().execute_unprepared("SELECT 1").await.map_err(|_| ApiError::Unavailable)?;
    Ok("ready")
}

/// Metrics
#[utoipa::path(
    tag = "system", security(()), description = "In the format of Prometheus.",
    responses((status = 200, description = "The metrics.", body = String, content_type = "text/plain"))
)]
#[get("/metrics")]
pub(crate) async fn get_metrics(state: State) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(state.metrics.0.render())
}
