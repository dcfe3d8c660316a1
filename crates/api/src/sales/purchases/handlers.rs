//! `/api/v1/stores/{store_id}/purchases` and `/refunds`, and what a customer paid

use actix_web::{
    HttpRequest, HttpResponse, get, post,
    web::{Json, Path},
};
use fanbase_domain::{
    problem::Problem,
    wire::{
        page::Page,
        purchases::{
            NewPurchase, NewRefund, PaymentResponse, PurchaseRequest, PurchaseResponse, RefundRequest,
            RefundResponse,
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
    db::entities,
    error::ApiError,
    http::{
        body::JsonBody, idempotency, parameters::CursorParams, problems::StoreProblems,
        stored_response::Answer,
    },
    sales::facts::{payments, purchases},
};

const PURCHASES: List = List { table: "purchases", at: "purchased_at", columns: "purchases.*" };
const PAYMENTS: List = List { table: "payments", at: "paid_at", columns: "payments.*" };

/// Report a purchase
///
/// Makes the customer, linked to the account of the address if there is one, and what was bought, if its title
/// is sent. The same once more does nothing and answers what is known.
#[utoipa::path(
    security(("api_key" = ["events:write"]), ("session" = ["edit"])),
    tag = "events",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer, for 24 hours"),
    ),
    request_body(content = PurchaseRequest, example = json!({"reference": "order-1017", "customer": {"email": "ava.lindqvist@example.com"}, "product": {"reference": "sample-pack", "title": "Sample pack"}, "payment": {"amount": 4900, "currency": "USD"}})),
    responses(
        (status = 201, description = "The purchase.", body = PurchaseResponse),
        (status = 200, description = "The purchase, which was known.", body = PurchaseResponse),
        (status = 409, description = "There is another purchase of this reference, or the payment has another amount.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[post("/api/v1/stores/{store_id}/purchases")]
pub(crate) async fn create_purchase(
    state: State,
    scope: StoreScope<Report>,
    request: HttpRequest,
    body: JsonBody<PurchaseRequest>,
) -> Result<HttpResponse, ApiError> {
    let new = NewPurchase::try_from(body.value)?;
    let (store_id, now) = (scope.id(), clock::now());
    idempotency::once(&state, store_id, &request, &body.hash, |tx| {
        let new = new.clone();
        Box::pin(async move {
            let (purchase, is_new) = service::create(tx, store_id, new, now).await?;
            if is_new { Answer::created(&purchase) } else { Answer::known(&purchase) }
        })
    })
    .await
}

/// Report a refund
///
/// Whole or in part. It may come before its payment, and counts from the moment that both are known. The same
/// once more does nothing.
#[utoipa::path(
    security(("api_key" = ["events:write"]), ("session" = ["edit"])),
    tag = "events",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer, for 24 hours"),
    ),
    request_body = RefundRequest,
    responses(
        (status = 201, description = "The refund.", body = RefundResponse),
        (status = 200, description = "The refund, which was known.", body = RefundResponse),
        (status = 409, description = "There is another refund of this reference.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[post("/api/v1/stores/{store_id}/refunds")]
pub(crate) async fn create_refund(
    state: State,
    scope: StoreScope<Report>,
    request: HttpRequest,
    body: JsonBody<RefundRequest>,
) -> Result<HttpResponse, ApiError> {
    let new = NewRefund::try_from(body.value)?;
    let (store_id, now) = (scope.id(), clock::now());
    idempotency::once(&state, store_id, &request, &body.hash, |tx| {
        let new = new.clone();
        Box::pin(async move {
            let (refund, is_new) = service::refund(tx, store_id, new, now).await?;
            if is_new { Answer::created(&refund) } else { Answer::known(&refund) }
        })
    })
    .await
}

/// List the purchases of a customer
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
    responses((status = 200, description = "A page of purchases.", body = Page<PurchaseResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/customers/{customer_id}/purchases")]
pub(crate) async fn list_purchases(
    state: State,
    scope: StoreScope<Read>,
    path: Path<(String, String)>,
    params: CursorParams,
) -> Result<Json<Page<PurchaseResponse>>, ApiError> {
    let whose = (scope.id(), customer_id(&path.1)?);
    let page = pages::read(
        state.db.read(),
        PURCHASES,
        whose,
        params.cursor.as_deref(),
        |_| {},
        |row| {
            let model = entities::purchases::Model::from_query_result(row, "")?;
            Ok(service::response(purchases::stored(model)?))
        },
    );
    Ok(Json(page.await?))
}

/// List the payments of a customer
///
/// Newest first, 50 a page, each with what of it went back. In whatever currency they were made.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "customers",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("customer_id" = Uuid, Path, description = "The customer"),
        CursorParams,
    ),
    responses((status = 200, description = "A page of payments.", body = Page<PaymentResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/customers/{customer_id}/payments")]
pub(crate) async fn list_payments(
    state: State,
    scope: StoreScope<Read>,
    path: Path<(String, String)>,
    params: CursorParams,
) -> Result<Json<Page<PaymentResponse>>, ApiError> {
    let (db, store_id) = (state.db.read(), scope.id());
    let whose = (store_id, customer_id(&path.1)?);
    let page = pages::read(
        db,
        PAYMENTS,
        whose,
        params.cursor.as_deref(),
        |_| {},
        |row| entities::payments::Model::from_query_result(row, ""),
    );
    let Page { items, next_cursor, prev_cursor } = page.await?;
    let payments = payments::with_refunds(db, store_id, items).await?;
    let items = payments.into_iter().filter_map(|one| service::payment_response(one, scope.sees_money()));
    Ok(Json(Page { items: items.collect(), next_cursor, prev_cursor }))
}
