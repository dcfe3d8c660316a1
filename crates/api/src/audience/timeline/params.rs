//! Query parameters of a timeline.

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use fanbase_domain::{field_errors::FieldErrors, wire::activities::ActivityKind};
use utoipa::IntoParams;

use crate::{
    error::ApiError,
    http::{authorize_first::Extracting, parameters},
};

/// Which part of a timeline.
#[derive(Clone, Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TimelineParams {
    /// What happened; repeated, any of them.
    #[param(rename = "kind", required = false)]
    pub kinds: Vec<ActivityKind>,
    /// `next_cursor` of another page.
    pub cursor: Option<String>,
}

impl FromRequest for TimelineParams {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        parameters::read(request, parse)
    }
}

fn parse(query: &str) -> Result<TimelineParams, ApiError> {
    let (mut params, mut errors) = (TimelineParams::default(), FieldErrors::new());
    for (name, value) in parameters::pairs(query)? {
        match name.as_str() {
            "kind" => match ActivityKind::parse(&value) {
                Some(kind) => params.kinds.push(kind),
                None => {
                    let known = ActivityKind::ALL.map(ActivityKind::as_str).join(", ");
                    errors.add(name, "unknown_value", format!("One of {known}."));
                }
            },
            "cursor" => params.cursor = Some(value),
            _ => parameters::unknown(&name, &mut errors),
        }
    }
    Ok(errors.into_result(params)?)
}
