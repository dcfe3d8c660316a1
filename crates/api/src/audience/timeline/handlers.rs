//! `/api/v1/stores/{store_id}/customers/{customer_id}/activity` and `/activities`

use actix_web::{
    HttpRequest, HttpResponse, delete, get, patch, post,
    web::{Json, Path},
};
use fanbase_domain::{
    problem::Problem,
    wire::{
        activities::{ActivityPatch, ActivityRequest, ActivityResponse, NewActivity, PatchActivityRequest},
        page::Page,
    },
};
use sea_orm::FromQueryResult as _;

use super::{params::TimelineParams, service};
use crate::{
    app_state::State,
    audience::customers::{
        handlers::customer_id,
        pages::{self, List},
    },
    auth::scope::{Read, StoreScope, Write},
    db::{entities::activities::Model, sql::Sql},
    error::ApiError,
    http::{body::JsonBody, idempotency, problems::StoreProblems, stored_response::Answer},
};

const ACTIVITIES: List = List { table: "activities", at: "at", columns: "activities.*" };

/// List the activity of a customer
///
/// Newest first, 50 a page: all that happened, or what is of some kinds.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "customers",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("customer_id" = Uuid, Path, description = "The customer"),
        TimelineParams,
    ),
    responses((status = 200, description = "A page of the timeline.", body = Page<ActivityResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/customers/{customer_id}/activity")]
pub(crate) async fn list_activity(
    state: State,
    scope: StoreScope<Read>,
    path: Path<(String, String)>,
    params: TimelineParams,
) -> Result<Json<Page<ActivityResponse>>, ApiError> {
    let whose = (scope.id(), customer_id(&path.1)?);
    let only = |sql: &mut Sql| {
        if !params.kinds.is_empty() {
            sql.push(" AND kind IN (").bind_all(params.kinds.iter().map(|kind| kind.as_str())).push(")");
        }
    };
    let page = pages::read(state.db.read(), ACTIVITIES, whose, params.cursor.as_deref(), only, |row| {
        service::response(Model::from_query_result(row, "")?)
    });
    Ok(Json(page.await?))
}

/// Note what happened
///
/// By hand: a call, a meeting, an e-mail, something else. It stands in the timeline with who noted it, and is not
/// the customer's own activity: who is inactive stays so.
#[utoipa::path(
    security(("api_key" = ["fans:write"]), ("session" = ["edit"])),
    tag = "customers",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("customer_id" = Uuid, Path, description = "The customer"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer, for 24 hours"),
    ),
    request_body(content = ActivityRequest, example = json!({"kind": "call", "text": "Asked for a discount on the mixing course.", "at": "2026-11-20T15:30:00Z"})),
    responses((status = 201, description = "What was noted.", body = ActivityResponse), StoreProblems)
)]
#[post("/api/v1/stores/{store_id}/customers/{customer_id}/activities")]
pub(crate) async fn create_activity(
    state: State,
    scope: StoreScope<Write>,
    path: Path<(String, String)>,
    request: HttpRequest,
    body: JsonBody<ActivityRequest>,
) -> Result<HttpResponse, ApiError> {
    let (store_id, customer, actor) = (scope.id(), customer_id(&path.1)?, scope.actor);
    let new = NewActivity::try_from(body.value)?;
    idempotency::once(&state, store_id, &request, &body.hash, |tx| {
        let new = new.clone();
        Box::pin(
            async move { Answer::created(&service::create(tx, (store_id, customer), new, actor).await?) },
        )
    })
    .await
}

/// Change what was noted
///
/// Only what was noted by hand. What is absent stays, who noted it as well.
#[utoipa::path(
    security(("api_key" = ["fans:write"]), ("session" = ["edit"])),
    tag = "customers",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("customer_id" = Uuid, Path, description = "The customer"),
        ("activity_id" = Uuid, Path, description = "What was noted"),
    ),
    request_body = PatchActivityRequest,
    responses(
        (status = 200, description = "What is noted now.", body = ActivityResponse),
        (status = 409, description = "It was not noted by hand.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[patch("/api/v1/stores/{store_id}/customers/{customer_id}/activities/{activity_id}")]
pub(crate) async fn patch_activity(
    state: State,
    scope: StoreScope<Write>,
    path: Path<(String, String, String)>,
    body: JsonBody<PatchActivityRequest>,
) -> Result<Json<ActivityResponse>, ApiError> {
    let which = which(&scope, &path)?;
    Ok(Json(service::patch(&state.db, which, ActivityPatch::try_from(body.value)?).await?))
}

/// Delete what was noted
///
/// Only what was noted by hand.
#[utoipa::path(
    security(("api_key" = ["fans:write"]), ("session" = ["edit"])),
    tag = "customers",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("customer_id" = Uuid, Path, description = "The customer"),
        ("activity_id" = Uuid, Path, description = "What was noted"),
    ),
    responses(
        (status = 204, description = "Deleted."),
        (status = 409, description = "It was not noted by hand.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[delete("/api/v1/stores/{store_id}/customers/{customer_id}/activities/{activity_id}")]
pub(crate) async fn delete_activity(
    state: State,
    scope: StoreScope<Write>,
    path: Path<(String, String, String)>,
) -> Result<HttpResponse, ApiError> {
    service::delete(&state.db, which(&scope, &path)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn which<P>(
    scope: &StoreScope<P>,
    (_, customer, activity): &(String, String, String),
) -> Result<service::Which, ApiError> {
    let activity = activity.parse().map_err(|_| ApiError::NotFound("activity"))?;
    Ok((scope.id(), customer_id(customer)?, activity))
}
