//! `/api/v1/stores/{store_id}/backfills`

use actix_web::{
    HttpRequest, HttpResponse, Responder, get, post,
    web::{Json, Path},
};
use fanbase_domain::{
    ids::BackfillId,
    wire::{
        backfills::{BackfillProblemResponse, BackfillResponse, CreateBackfillRequest, NewBackfill},
        page::Page,
    },
};

use super::{queries, service, stored};
use crate::{
    app_state::State,
    auth::scope::{Import, Read, StoreScope},
    error::ApiError,
    http::{
        body::JsonBody,
        idempotency,
        parameters::CursorParams,
        problems::StoreProblems,
        sse::{self, Progress},
        stored_response::Answer,
    },
};

fn backfill_id(text: &str) -> Result<BackfillId, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound("backfill"))
}

/// Start a backfill
///
/// Makes customers for all enrolments or subscriptions that have none, as when a platform wrote their rows.
/// Answers at once; the backfill goes on by itself, also over a restart. A second one finds what the first
/// one left. Follow it at `Location` or by its events.
#[utoipa::path(
    security(("api_key" = ["imports:write"]), ("session" = ["import"])),
    tag = "imports",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer, for 24 hours"),
    ),
    request_body(content = CreateBackfillRequest, example = json!({"what": "courses", "dry_run": true})),
    responses((status = 202, description = "The backfill is queued.", body = BackfillResponse), StoreProblems)
)]
#[post("/api/v1/stores/{store_id}/backfills")]
pub(crate) async fn create_backfill(
    state: State,
    scope: StoreScope<Import>,
    request: HttpRequest,
    body: JsonBody<CreateBackfillRequest>,
) -> Result<HttpResponse, ApiError> {
    let new = NewBackfill::try_from(body.value)?;
    let store_id = scope.id();
    let answer = idempotency::once(&state, store_id, &request, &body.hash, |tx| {
        Box::pin(async move {
            let backfill = service::enqueue(tx, store_id, new).await?;
            let location = format!("/api/v1/stores/{store_id}/backfills/{}", backfill.id);
            Ok(Answer::accepted(&BackfillResponse::from(backfill))?.at(location))
        })
    })
    .await?;
    state.backfills.notify_one();
    Ok(answer)
}

/// List backfills
///
/// Newest first, 50 a page.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "imports", params(("store_id" = Uuid, Path, description = "The store"), CursorParams),
    responses((status = 200, description = "A page of backfills.", body = Page<BackfillResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/backfills")]
pub(crate) async fn list_backfills(
    state: State,
    scope: StoreScope<Read>,
    params: CursorParams,
) -> Result<Json<Page<BackfillResponse>>, ApiError> {
    Ok(Json(queries::list(state.db.read(), scope.id(), params.cursor.as_deref()).await?))
}

/// Get a backfill
///
/// How far it is, and what became of what had no customer.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "imports",
    params(("store_id" = Uuid, Path, description = "The store"), ("backfill_id" = Uuid, Path, description = "The backfill")),
    responses((status = 200, description = "The backfill.", body = BackfillResponse), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/backfills/{backfill_id}")]
pub(crate) async fn get_backfill(
    state: State,
    scope: StoreScope<Read>,
    path: Path<(String, String)>,
) -> Result<Json<BackfillResponse>, ApiError> {
    let found = stored::find(state.db.read(), scope.id(), backfill_id(&path.1)?, false).await?;
    Ok(Json(found.into()))
}

/// Follow a backfill
///
/// Server-sent events named `progress`, each with the backfill as its data; the stream ends with the backfill.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "imports",
    params(("store_id" = Uuid, Path, description = "The store"), ("backfill_id" = Uuid, Path, description = "The backfill")),
    responses(
        (status = 200, description = "The events.", body = String, content_type = "text/event-stream"),
        StoreProblems,
    )
)]
#[get("/api/v1/stores/{store_id}/backfills/{backfill_id}/events")]
pub(crate) async fn follow_backfill(
    state: State,
    scope: StoreScope<Read>,
    path: Path<(String, String)>,
) -> Result<impl Responder, ApiError> {
    let (store_id, id) = (scope.id(), backfill_id(&path.1)?);
    let look = move |state: State| async move {
        Ok(BackfillResponse::from(stored::find(state.db.read(), store_id, id, false).await?))
    };
    sse::follow(state, store_id, look).await
}

impl Progress for BackfillResponse {
    fn is_final(&self) -> bool {
        self.status.is_final()
    }
}

/// List what a backfill could not give a customer
///
/// By id, 200 a page.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "imports",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("backfill_id" = Uuid, Path, description = "The backfill"),
        CursorParams,
    ),
    responses(
        (status = 200, description = "A page of problems.", body = Page<BackfillProblemResponse>),
        StoreProblems,
    )
)]
#[get("/api/v1/stores/{store_id}/backfills/{backfill_id}/problems")]
pub(crate) async fn list_backfill_problems(
    state: State,
    scope: StoreScope<Read>,
    path: Path<(String, String)>,
    params: CursorParams,
) -> Result<Json<Page<BackfillProblemResponse>>, ApiError> {
    let backfill = stored::find(state.db.read(), scope.id(), backfill_id(&path.1)?, false).await?;
    Ok(Json(queries::problems(state.db.read(), &backfill, params.cursor.as_deref()).await?))
}
