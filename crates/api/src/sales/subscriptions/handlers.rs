//! `/api/v1/stores/{store_id}/subscriptions`

use actix_web::{
    HttpRequest, HttpResponse, get, patch, post,
    web::{Json, Path},
};
use fanbase_domain::{
    problem::Problem,
    wire::{
        page::Page,
        subscriptions::{
            NewSubscription, PatchSubscriptionRequest, SubscriptionPatch, SubscriptionRequest,
            SubscriptionResponse,
        },
    },
};
use sea_orm::FromQueryResult as _;

use super::service;
use crate::{
    app_state::State,
    audience::customers::{
        handlers::customer_id,
        pages::{self, List},
    },
    auth::scope::{Read, Report, StoreScope},
    clock,
    db::entities::subscriptions::Model,
    error::ApiError,
    http::{
        body::JsonBody, idempotency, parameters::CursorParams, problems::StoreProblems,
        stored_response::Answer,
    },
    sales::facts::subscriptions,
};

const SUBSCRIPTIONS: List = List { table: "subscriptions", at: "started_at", columns: "subscriptions.*" };

/// Report a subscription
///
/// Makes the customer, linked to the account of the address if there is one, and the plan, if its title is
/// sent. A reference that is known adds what it says to what is known. An end is final: who subscribes again has
/// another subscription.
#[utoipa::path(
    security(("api_key" = ["events:write"]), ("session" = ["edit"])),
    tag = "events",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer, for 24 hours"),
    ),
    request_body(content = SubscriptionRequest, example = json!({"reference": "subscription-9", "customer": {"email": "ava.lindqvist@example.com"}, "plan": {"reference": "gold", "title": "Gold"}, "price": {"amount": 900}, "payment": {"reference": "invoice-31", "amount": 900}})),
    responses(
        (status = 201, description = "The subscription.", body = SubscriptionResponse),
        (status = 200, description = "The subscription, which was known, as it is now.", body = SubscriptionResponse),
        (status = 409, description = "The reference is that of somebody else's subscription, or the payment has another amount.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[post("/api/v1/stores/{store_id}/subscriptions")]
pub(crate) async fn create_subscription(
    state: State,
    scope: StoreScope<Report>,
    request: HttpRequest,
    body: JsonBody<SubscriptionRequest>,
) -> Result<HttpResponse, ApiError> {
    let new = NewSubscription::try_from(body.value)?;
    let (store_id, now) = (scope.id(), clock::now());
    idempotency::once(&state, store_id, &request, &body.hash, |tx| {
        let new = new.clone();
        Box::pin(async move {
            let (subscription, is_new) = service::create(tx, store_id, new, now).await?;
            if is_new { Answer::created(&subscription) } else { Answer::known(&subscription) }
        })
    })
    .await
}

/// Report where a subscription stands
///
/// Of several reports, the one with the latest `as_of` counts as a whole; what it leaves out is what was known
/// when it came. An end absorbs whatever else is reported.
#[utoipa::path(
    security(("api_key" = ["events:write"]), ("session" = ["edit"])),
    tag = "events",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("subscription_id" = Uuid, Path, description = "The subscription"),
    ),
    request_body = PatchSubscriptionRequest,
    responses((status = 200, description = "The subscription.", body = SubscriptionResponse), StoreProblems)
)]
#[patch("/api/v1/stores/{store_id}/subscriptions/{subscription_id}")]
pub(crate) async fn patch_subscription(
    state: State,
    scope: StoreScope<Report>,
    path: Path<(String, String)>,
    body: JsonBody<PatchSubscriptionRequest>,
) -> Result<Json<SubscriptionResponse>, ApiError> {
    let id = path.1.parse().map_err(|_| ApiError::NotFound("subscription"))?;
    let patch = SubscriptionPatch::try_from(body.value)?;
    Ok(Json(service::patch(&state.db, scope.id(), id, patch, clock::now()).await?))
}

/// List the subscriptions of a customer
///
/// Newest first, 50 a page.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "customers",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("customer_id" = Uuid, Path, description = "The customer"),
        CursorParams,
    ),
    responses((status = 200, description = "A page of subscriptions.", body = Page<SubscriptionResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/customers/{customer_id}/subscriptions")]
pub(crate) async fn list_subscriptions(
    state: State,
    scope: StoreScope<Read>,
    path: Path<(String, String)>,
    params: CursorParams,
) -> Result<Json<Page<SubscriptionResponse>>, ApiError> {
    let whose = (scope.id(), customer_id(&path.1)?);
    let page = pages::read(
        state.db.read(),
        SUBSCRIPTIONS,
        whose,
        params.cursor.as_deref(),
        |_| {},
        |row| {
            let stored = subscriptions::stored(Model::from_query_result(row, "")?)?;
            Ok(service::response(stored, scope.sees_money()))
        },
    );
    let Page { items, next_cursor, prev_cursor } = page.await?;
    Ok(Json(Page { items: items.into_iter().flatten().collect(), next_cursor, prev_cursor }))
}
