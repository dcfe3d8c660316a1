//! `/api/v1/stores/{store_id}/courses`, `/products` and `/plans`

use actix_web::{
    HttpRequest, HttpResponse, get, patch, post,
    web::{Json, Path},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use fanbase_domain::{
    problem::Problem,
    wire::{
        catalogue::{
            CreateItemRequest, CreatePlanRequest, ItemKind, ItemPatch, ItemResponse, NewItem,
            PatchItemRequest,
        },
        page::Page,
    },
};
use uuid::Uuid;

use super::{queries, service};
use crate::{
    app_state::State,
    auth::scope::{Read, Report, StoreScope},
    clock,
    error::ApiError,
    http::{
        body::JsonBody, idempotency, parameters::CursorParams, problems::StoreProblems,
        stored_response::Answer,
    },
};

/// List courses
///
/// By reference, 200 a page.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "catalogue", params(("store_id" = Uuid, Path, description = "The store"), CursorParams),
    responses((status = 200, description = "A page of courses.", body = Page<ItemResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/courses")]
pub(crate) async fn list_courses(
    state: State,
    scope: StoreScope<Read>,
    params: CursorParams,
) -> Result<Json<Page<ItemResponse>>, ApiError> {
    list(&state, &scope, ItemKind::Course, &params).await
}

/// Create a course
///
/// The same once more answers what there is.
#[utoipa::path(
    security(("api_key" = ["events:write"]), ("session" = ["edit"])),
    tag = "catalogue",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer, for 24 hours"),
    ),
    request_body = CreateItemRequest,
    responses(
        (status = 201, description = "The course.", body = ItemResponse),
        (status = 200, description = "The course, which there was already.", body = ItemResponse),
        (status = 409, description = "The store has another course of this reference, or sells something else by one of the prices.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[post("/api/v1/stores/{store_id}/courses")]
pub(crate) async fn create_course(
    state: State,
    scope: StoreScope<Report>,
    request: HttpRequest,
    body: JsonBody<CreateItemRequest>,
) -> Result<HttpResponse, ApiError> {
    let new = NewItem::try_from(body.value)?;
    create(&state, &scope, &request, &body.hash, (ItemKind::Course, new)).await
}

/// Change a course
///
/// What is absent stays. What was bought before keeps its name and price.
#[utoipa::path(
    security(("api_key" = ["events:write"]), ("session" = ["edit"])),
    tag = "catalogue",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("course_id" = Uuid, Path, description = "The course"),
    ),
    request_body = PatchItemRequest,
    responses(
        (status = 200, description = "The course.", body = ItemResponse),
        (status = 409, description = "The store sells something else by one of the prices.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[patch("/api/v1/stores/{store_id}/courses/{course_id}")]
pub(crate) async fn patch_course(
    state: State,
    scope: StoreScope<Report>,
    path: Path<(String, String)>,
    body: JsonBody<PatchItemRequest>,
) -> Result<Json<ItemResponse>, ApiError> {
    change(&state, &scope, ItemKind::Course, &path.1, body.value).await
}

/// List products
///
/// By reference, 200 a page.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "catalogue", params(("store_id" = Uuid, Path, description = "The store"), CursorParams),
    responses((status = 200, description = "A page of products.", body = Page<ItemResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/products")]
pub(crate) async fn list_products(
    state: State,
    scope: StoreScope<Read>,
    params: CursorParams,
) -> Result<Json<Page<ItemResponse>>, ApiError> {
    list(&state, &scope, ItemKind::Product, &params).await
}

/// Create a product
///
/// The same once more answers what there is.
#[utoipa::path(
    security(("api_key" = ["events:write"]), ("session" = ["edit"])),
    tag = "catalogue",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer, for 24 hours"),
    ),
    request_body = CreateItemRequest,
    responses(
        (status = 201, description = "The product.", body = ItemResponse),
        (status = 200, description = "The product, which there was already.", body = ItemResponse),
        (status = 409, description = "The store has another product of this reference, or sells something else by one of the prices.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[post("/api/v1/stores/{store_id}/products")]
pub(crate) async fn create_product(
    state: State,
    scope: StoreScope<Report>,
    request: HttpRequest,
    body: JsonBody<CreateItemRequest>,
) -> Result<HttpResponse, ApiError> {
    let new = NewItem::try_from(body.value)?;
    create(&state, &scope, &request, &body.hash, (ItemKind::Product, new)).await
}

/// Change a product
///
/// What is absent stays. What was bought before keeps its name and price.
#[utoipa::path(
    security(("api_key" = ["events:write"]), ("session" = ["edit"])),
    tag = "catalogue",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("product_id" = Uuid, Path, description = "The product"),
    ),
    request_body = PatchItemRequest,
    responses(
        (status = 200, description = "The product.", body = ItemResponse),
        (status = 409, description = "The store sells something else by one of the prices.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[patch("/api/v1/stores/{store_id}/products/{product_id}")]
pub(crate) async fn patch_product(
    state: State,
    scope: StoreScope<Report>,
    path: Path<(String, String)>,
    body: JsonBody<PatchItemRequest>,
) -> Result<Json<ItemResponse>, ApiError> {
    change(&state, &scope, ItemKind::Product, &path.1, body.value).await
}

/// List plans
///
/// By reference, 200 a page.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "catalogue", params(("store_id" = Uuid, Path, description = "The store"), CursorParams),
    responses((status = 200, description = "A page of plans.", body = Page<ItemResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/plans")]
pub(crate) async fn list_plans(
    state: State,
    scope: StoreScope<Read>,
    params: CursorParams,
) -> Result<Json<Page<ItemResponse>>, ApiError> {
    list(&state, &scope, ItemKind::Plan, &params).await
}

/// Create a plan
///
/// The same once more answers what there is.
#[utoipa::path(
    security(("api_key" = ["events:write"]), ("session" = ["edit"])),
    tag = "catalogue",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer, for 24 hours"),
    ),
    request_body = CreatePlanRequest,
    responses(
        (status = 201, description = "The plan.", body = ItemResponse),
        (status = 200, description = "The plan, which there was already.", body = ItemResponse),
        (status = 409, description = "The store has another plan of this reference, or sells something else by one of the prices.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[post("/api/v1/stores/{store_id}/plans")]
pub(crate) async fn create_plan(
    state: State,
    scope: StoreScope<Report>,
    request: HttpRequest,
    body: JsonBody<CreatePlanRequest>,
) -> Result<HttpResponse, ApiError> {
    let new = NewItem::try_from(body.value)?;
    create(&state, &scope, &request, &body.hash, (ItemKind::Plan, new)).await
}

/// Change a plan
///
/// What is absent stays. What was bought before keeps its name and price.
#[utoipa::path(
    security(("api_key" = ["events:write"]), ("session" = ["edit"])),
    tag = "catalogue",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("plan_id" = Uuid, Path, description = "The plan"),
    ),
    request_body = PatchItemRequest,
    responses(
        (status = 200, description = "The plan.", body = ItemResponse),
        (status = 409, description = "The store sells something else by one of the prices.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[patch("/api/v1/stores/{store_id}/plans/{plan_id}")]
pub(crate) async fn patch_plan(
    state: State,
    scope: StoreScope<Report>,
    path: Path<(String, String)>,
    body: JsonBody<PatchItemRequest>,
) -> Result<Json<ItemResponse>, ApiError> {
    change(&state, &scope, ItemKind::Plan, &path.1, body.value).await
}

async fn list(
    state: &State,
    scope: &StoreScope<Read>,
    kind: ItemKind,
    params: &CursorParams,
) -> Result<Json<Page<ItemResponse>>, ApiError> {
    let after = match &params.cursor {
        Some(cursor) => Some(read_cursor(cursor).ok_or(ApiError::InvalidCursor)?),
        None => None,
    };
    let (items, more) = queries::list(state.db.read(), scope.id(), kind, after.as_deref()).await?;
    let last = items.last().filter(|_| more);
    let next_cursor = last.map(|last| URL_SAFE_NO_PAD.encode(&last.reference));
    Ok(Json(Page { items, next_cursor, prev_cursor: None }))
}

/// Decodes a cursor. Needs no signature: the path determines the catalogue.
fn read_cursor(text: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

async fn create(
    state: &State,
    scope: &StoreScope<Report>,
    request: &HttpRequest,
    hash: &[u8],
    (kind, new): (ItemKind, NewItem),
) -> Result<HttpResponse, ApiError> {
    let (store_id, currency, now) = (scope.id(), scope.store.currency, clock::now());
    idempotency::once(state, store_id, request, hash, |tx| {
        let new = new.clone();
        Box::pin(async move {
            let (item, is_new) = service::create(tx, store_id, currency, kind, new, now).await?;
            if is_new { Answer::created(&item) } else { Answer::known(&item) }
        })
    })
    .await
}

async fn change(
    state: &State,
    scope: &StoreScope<Report>,
    kind: ItemKind,
    id: &str,
    patch: PatchItemRequest,
) -> Result<Json<ItemResponse>, ApiError> {
    let id: Uuid = id.parse().map_err(|_| ApiError::NotFound(kind.as_str()))?;
    let (patch, currency) = (ItemPatch::try_from(patch)?, scope.store.currency);
    let item = service::patch(&state.db, scope.id(), currency, (kind, id), patch, clock::now()).await?;
    Ok(Json(item))
}
