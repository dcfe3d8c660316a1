//! The query parameters of statistics by period: length and time zone.

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use chrono::FixedOffset;
use fanbase_domain::{field_errors::FieldErrors, store::Store, wire::overview::Period};
use utoipa::IntoParams;

use super::{authorize_first::Extracting, parameters};
use crate::{db::periods::Zone, error::ApiError};

/// Which calendar the growth follows.
///
/// Documentation of what [`PeriodParams`] reads.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the documentation only")]
pub struct PeriodQuery {
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

/// The validated parameters of statistics by period.
#[derive(Clone, Copy, Debug)]
pub struct PeriodParams {
    /// The length of a period.
    pub period: Period,
    /// The requested time zone.
    pub time_zone: Option<Zone>,
    /// The requested offset from UTC.
    pub offset: Option<FixedOffset>,
}

impl PeriodParams {
    /// The time zone of the periods of a store.
    #[must_use]
    pub fn zone(&self, store: &Store) -> Zone {
        Zone::of(self.time_zone, store.time_zone.as_deref(), self.offset)
    }
}

impl FromRequest for PeriodParams {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        parameters::read(request, parse)
    }
}

fn parse(query: &str) -> Result<PeriodParams, ApiError> {
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
    Ok(errors.into_result(PeriodParams { period, time_zone, offset })?)
}
