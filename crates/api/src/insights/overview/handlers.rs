//! `/api/v1/stores/{store_id}/overview`

use actix_web::{FromRequest, HttpRequest, dev::Payload, get, web::Json};
use chrono::FixedOffset;
use fanbase_domain::{
    field_errors::FieldErrors,
    store::Store,
    wire::overview::{OverviewResponse, Period},
};
use utoipa::IntoParams;

use super::service;
use crate::{
    app_state::State,
    auth::{
        authorize_first::Extracting,
        scope::{Read, StoreScope},
    },
    clock,
    error::ApiError,
    http::{parameters, problems::StoreProblems},
    periods::Zone,
};

/// Which calendar the growth follows.
///
/// Documentation of what [`OverviewParams`] reads.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the documentation only")]
pub struct OverviewQuery {
    /// `day`, `week` or `month` (default).
    #[param(value_type = Option<String>, example = "month")]
    period: Option<Period>,
    /// The IANA name of the time zone in which periods begin; that of the store by default.
    #[param(example = "Europe/Berlin")]
    time_zone: Option<String>,
    /// Where neither is known: minutes east of Greenwich, -840 to 840; 0 by default.
    #[param(example = 60)]
    time_zone_offset: Option<i32>,
}

/// Which calendar the growth follows, checked.
#[derive(Clone, Copy, Debug)]
pub struct OverviewParams {
    /// How long a period is.
    pub period: Period,
    /// The time zone that is asked for.
    pub time_zone: Option<Zone>,
    /// The distance of the calendar from Greenwich.
    pub offset: Option<FixedOffset>,
}

impl OverviewParams {
    /// The time zone of the periods of a store.
    #[must_use]
    pub fn zone(&self, store: &Store) -> Zone {
        Zone::of(self.time_zone, store.time_zone.as_deref(), self.offset)
    }
}

impl FromRequest for OverviewParams {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        parameters::read(request, parse)
    }
}

fn parse(query: &str) -> Result<OverviewParams, ApiError> {
    let (mut period, mut time_zone, mut offset) = (Period::Month, None, None);
    let mut errors = FieldErrors::new();
    for (name, value) in parameters::pairs(query)? {
        match name.as_str() {
            "period" => match Period::parse(&value) {
                Some(known) => period = known,
                None => errors.add(name, "unknown_value", "One of day, week, month."),
            },
            "time_zone" => {
                time_zone = Zone::parse(&value);
                if time_zone.is_none() {
                    errors.add(name, "time_zone_unknown", "An IANA name such as Europe/Berlin.");
                }
            }
            "time_zone_offset" => {
                let minutes = value.parse().ok().filter(|minutes: &i32| (-840..=840).contains(minutes));
                offset = minutes.and_then(|minutes| FixedOffset::east_opt(minutes * 60));
                if offset.is_none() {
                    errors.add(name, "invalid", "Minutes east of Greenwich, -840 to 840.");
                }
            }
            _ => parameters::unknown(&name, &mut errors),
        }
    }
    Ok(errors.into_result(OverviewParams { period, time_zone, offset })?)
}

/// Get the overview
///
/// The audience at a glance: how it grew, its types, where it came from, who may be mailed.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "overview", params(("store_id" = Uuid, Path, description = "The store"), OverviewQuery),
    responses((status = 200, description = "The overview.", body = OverviewResponse), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/overview")]
pub(crate) async fn get_overview(
    state: State,
    scope: StoreScope<Read>,
    params: OverviewParams,
) -> Result<Json<OverviewResponse>, ApiError> {
    let zone = params.zone(&scope.store);
    Ok(Json(service::read(&state.db, &scope.store, params.period, clock::now(), zone).await?))
}
