//! `/api/v1/stores/{store_id}/value` and `/api/v1/stores/{store_id}/customers/{customer_id}/value`

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    get,
    web::{Json, Path},
};
use fanbase_domain::{
    field_errors::FieldErrors,
    wire::worth::{CustomerValueResponse, StoreValueResponse, ValueBy},
};
use utoipa::IntoParams;

use super::service;
use crate::{
    app_state::State,
    audience::customers::handlers::customer_id,
    auth::scope::{Read, SeeMoney, StoreScope},
    error::ApiError,
    http::{authorize_first::Extracting, parameters, problems::StoreProblems},
};

/// How customers are grouped.
///
/// Documentation of what [`ValueParams`] reads.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the documentation only")]
pub struct ValueQuery {
    /// `source` (default) or `cohort`: by the month in which customers paid first.
    #[param(value_type = Option<String>, example = "cohort")]
    by: Option<ValueBy>,
}

/// How customers are grouped, checked.
#[derive(Clone, Copy, Debug)]
pub struct ValueParams(pub ValueBy);

impl FromRequest for ValueParams {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        parameters::read(request, parse)
    }
}

fn parse(query: &str) -> Result<ValueParams, ApiError> {
    let (mut by, mut errors) = (ValueBy::Source, FieldErrors::new());
    for (name, value) in parameters::pairs(query)? {
        match name.as_str() {
            "by" => match ValueBy::parse(&value) {
                Some(known) => by = known,
                None => errors.add(name, "unknown_value", "One of source, cohort."),
            },
            _ => parameters::unknown(&name, &mut errors),
        }
    }
    Ok(errors.into_result(ValueParams(by))?)
}

/// Get the value of the customers
///
/// What those who paid are worth, by where they came from or by when they first did: what the store keeps of what
/// they paid, month by month, and what it may expect of them within a year.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["see_money"])),
    tag = "overview", params(("store_id" = Uuid, Path, description = "The store"), ValueQuery),
    responses((status = 200, description = "What they are worth.", body = StoreValueResponse), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/value")]
pub(crate) async fn get_store_value(
    state: State,
    scope: StoreScope<SeeMoney>,
    params: ValueParams,
) -> Result<Json<StoreValueResponse>, ApiError> {
    let report = service::report(&state, &scope.store).await?;
    Ok(Json(report.answer(params.0, scope.store.currency)))
}

/// Get the value of a customer
///
/// What they paid, and what the store may expect of them within a year. Amounts are null for who does not see money.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "customers",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("customer_id" = Uuid, Path, description = "The customer"),
    ),
    responses((status = 200, description = "What they are worth.", body = CustomerValueResponse), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/customers/{customer_id}/value")]
pub(crate) async fn get_customer_value(
    state: State,
    scope: StoreScope<Read>,
    path: Path<(String, String)>,
) -> Result<Json<CustomerValueResponse>, ApiError> {
    let id = customer_id(&path.1)?;
    Ok(Json(service::of_customer(&state, &scope.store, id, scope.sees_money()).await?))
}
