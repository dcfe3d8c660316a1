//! `/api/v1/stores/{store_id}/customers`

use actix_web::{
    HttpRequest, HttpResponse, delete, get, patch, post,
    web::{Json, Path},
};
use fanbase_domain::{
    fan::{Fan, FanType},
    filter::FanFilter,
    ids::{CustomerId, StoreId},
    page::{Cursor, Step},
    problem::Problem,
    wire::{
        customer_stats::CustomerStatsResponse,
        customers::{
            CreateCustomerRequest, CustomerPatch, CustomerResponse, NewCustomer, PatchCustomerRequest,
        },
        page::Page,
    },
};

use super::{service, stats};
use crate::{
    app_state::State,
    audience::fans::{
        self, cursor,
        holdings::Include,
        list::Query,
        params::{FanFilterParams, FanParams, PageParams},
        visibility,
    },
    auth::scope::{Read, StoreScope, Write},
    clock,
    error::ApiError,
    http::{
        body::JsonBody,
        idempotency,
        period_params::{PeriodParams, PeriodQuery},
        problems::StoreProblems,
        stored_response::Answer,
        version,
    },
};

/// Parses a customer's id in a path.
///
/// # Errors
/// [`ApiError::NotFound`] when it is malformed.
pub fn customer_id(text: &str) -> Result<CustomerId, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound("customer"))
}

/// List customers
///
/// Like the list of fans, without accounts that are not yet customers.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "customers", params(("store_id" = Uuid, Path, description = "The store"), FanFilterParams, PageParams),
    responses((status = 200, description = "A page of customers.", body = Page<CustomerResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/customers")]
pub(crate) async fn list_customers(
    state: State,
    scope: StoreScope<Read>,
    params: FanParams,
) -> Result<Json<Page<CustomerResponse>>, ApiError> {
    if params.at.is_some() {
        return Err(ApiError::parameter("at", "unknown_parameter", "Only the list of fans has ranks."));
    }
    if params.include != Include::default() {
        let detail = "Only the list of fans tells of courses and products.";
        return Err(ApiError::parameter("include", "unknown_parameter", detail));
    }
    let mut filter: FanFilter = params.filter;
    fans::service::prepare(&state.db, &scope, &mut filter, Some(params.sort)).await?;
    let customers = [FanType::Lead, FanType::Paying, FanType::Subscription];
    match filter.types.is_empty() {
        true => filter.types = customers.to_vec(),
        false => filter.types.retain(|kind| customers.contains(kind)),
    }
    if filter.types.is_empty() {
        return Ok(Json(Page { items: Vec::new(), next_cursor: None, prev_cursor: None }));
    }
    let list = cursor::list_key(scope.id(), params.sort, &filter);
    let cursor = params.cursor.map(|text| cursor::decode(&state, &list, &text)).transpose()?;
    let query = Query {
        store_id: scope.id(),
        filter: &filter,
        sort: params.sort,
        cursor: cursor.as_ref(),
        limit: params.limit,
    };
    let page = fans::service::page(&state.db, &state.plans, &query).await?;
    let backwards = cursor.as_ref().is_some_and(|cursor| cursor.step == Step::Previous);
    let at = |fan: Option<&Fan>, step: Step, wanted: bool| {
        let position = fan.filter(|_| wanted).map(|fan| fan.position(params.sort.column));
        position.map(|position| cursor::encode(&state, &list, &Cursor { position, step })).transpose()
    };
    Ok(Json(Page {
        next_cursor: at(page.items.last(), Step::Next, backwards || page.more)?,
        prev_cursor: at(
            page.items.first(),
            Step::Previous,
            if backwards { page.more } else { cursor.is_some() },
        )?,
        items: page
            .items
            .into_iter()
            .filter_map(|fan| match fan {
                Fan::Customer(customer, _) => Some(visibility::customer(&scope, *customer)),
                Fan::User(..) => None,
            })
            .collect(),
    }))
}

/// Get customer statistics
///
/// How many customers there are, what they spent and subscribe to, and how it came to that in the last
/// twelve periods. Exact and live. Who does not see money gets null for it.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "customers", params(("store_id" = Uuid, Path, description = "The store"), PeriodQuery),
    responses((status = 200, description = "The statistics.", body = CustomerStatsResponse), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/customers/stats")]
pub(crate) async fn get_customer_stats(
    state: State,
    scope: StoreScope<Read>,
    params: PeriodParams,
) -> Result<Json<CustomerStatsResponse>, ApiError> {
    let zone = params.zone(&scope.store);
    let stats = stats::read(&state.db, &scope.store, params.period, clock::now(), zone).await?;
    Ok(Json(visibility::stats(&scope, stats)))
}

/// Create a customer
///
/// An address that has an account is linked to it at once.
#[utoipa::path(
    security(("api_key" = ["fans:write"]), ("session" = ["edit"])),
    tag = "customers",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer, for 24 hours"),
    ),
    request_body = CreateCustomerRequest,
    responses(
        (status = 201, description = "The customer.", body = CustomerResponse),
        (status = 409, description = "Another customer of the store has the address.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[post("/api/v1/stores/{store_id}/customers")]
pub(crate) async fn create_customer(
    state: State,
    scope: StoreScope<Write>,
    request: HttpRequest,
    body: JsonBody<CreateCustomerRequest>,
) -> Result<HttpResponse, ApiError> {
    let new = NewCustomer::try_from(body.value)?;
    let (store_id, actor) = (scope.id(), scope.actor);
    idempotency::once(&state, store_id, &request, &body.hash, |tx| {
        let new = new.clone();
        Box::pin(async move {
            let customer = service::create(tx, store_id, new, actor).await?;
            let location = format!("/api/v1/stores/{store_id}/customers/{}", customer.id);
            let version = customer.version;
            Ok(Answer::created(&CustomerResponse::from(customer))?.at(location).in_version(version))
        })
    })
    .await
}

/// Get a customer
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "customers", description = "With the `ETag` that a change has to name.",
    params(("store_id" = Uuid, Path, description = "The store"), ("customer_id" = Uuid, Path, description = "The customer")),
    responses((status = 200, description = "The customer.", body = CustomerResponse), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/customers/{customer_id}")]
pub(crate) async fn get_customer(
    state: State,
    scope: StoreScope<Read>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let stored = service::find(state.db.read(), scope.id(), customer_id(&path.1)?).await?;
    Ok(HttpResponse::Ok()
        .insert_header(version::etag(stored.customer.version))
        .json(visibility::customer(&scope, stored.customer)))
}

/// Change a customer
///
/// What is absent stays, null clears. `If-Match` names the version that was read, or `*`.
#[utoipa::path(
    security(("api_key" = ["fans:write"]), ("session" = ["edit"])),
    tag = "customers",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("customer_id" = Uuid, Path, description = "The customer"),
        ("If-Match" = String, Header, description = "The ETag that was read, or *"),
    ),
    request_body = PatchCustomerRequest,
    responses(
        (status = 200, description = "The customer.", body = CustomerResponse),
        (status = 409, description = "Another customer of the store has the address.", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "It was changed by somebody else.", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[patch("/api/v1/stores/{store_id}/customers/{customer_id}")]
pub(crate) async fn patch_customer(
    state: State,
    scope: StoreScope<Write>,
    path: Path<(String, String)>,
    request: HttpRequest,
    body: JsonBody<PatchCustomerRequest>,
) -> Result<HttpResponse, ApiError> {
    let (id, expected) = (customer_id(&path.1)?, version::if_match(&request)?);
    let patch = CustomerPatch::try_from(body.value)?;
    let customer = service::patch(&state.db, scope.id(), id, expected, patch).await?;
    Ok(HttpResponse::Ok()
        .insert_header(version::etag(customer.version))
        .json(CustomerResponse::from(customer)))
}

/// Delete a customer
///
/// With notes and timeline. Who has an account becomes a registered user again.
#[utoipa::path(
    security(("api_key" = ["fans:write"]), ("session" = ["edit"])),
    tag = "customers",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("customer_id" = Uuid, Path, description = "The customer"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read, or *"),
    ),
    responses(
        (status = 204, description = "Deleted."),
        (status = 412, description = "It was changed by somebody else.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[delete("/api/v1/stores/{store_id}/customers/{customer_id}")]
pub(crate) async fn delete_customer(
    state: State,
    scope: StoreScope<Write>,
    path: Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let store_id: StoreId = scope.id();
    let expected = version::if_match_optional(&request)?;
    service::delete(&state.db, store_id, customer_id(&path.1)?, expected).await?;
    Ok(HttpResponse::NoContent().finish())
}
