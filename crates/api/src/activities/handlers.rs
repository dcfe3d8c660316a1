//! `/api/v1/stores/{store_id}/customers/{customer_id}/activity`

use actix_web::{
    get,
    web::{Json, Path},
};
use fanbase_domain::{
    time::Timestamp,
    wire::{
        activities::{ActivityKind, ActivityResponse},
        page::Page,
    },
};
use uuid::Uuid;

use crate::{
    auth::scope::{Read, StoreScope},
    customers::{self, handlers::customer_id, rows::known},
    db::{entities::activities::Model, sql::Sql},
    error::ApiError,
    http::{parameters::CursorParams, problems::StoreProblems, state::State},
};

/// Activities on a page.
const PAGE: usize = 50;

/// List the activity of a customer
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
    responses((status = 200, description = "A page of the timeline.", body = Page<ActivityResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/customers/{customer_id}/activity")]
pub(crate) async fn list_activity(
    state: State,
    scope: StoreScope<Read>,
    path: Path<(String, String)>,
    params: CursorParams,
) -> Result<Json<Page<ActivityResponse>>, ApiError> {
    let id = customer_id(&path.1)?;
    customers::service::find(state.db.read(), scope.id(), id).await?;
    let mut sql = Sql::new("SELECT * FROM activities WHERE store_id = ");
    sql.bind(scope.id().uuid()).push(" AND customer_id = ").bind(id.uuid());
    if let Some(cursor) = &params.cursor {
        let (at, id) = read_cursor(cursor).ok_or(ApiError::InvalidCursor)?;
        sql.push(" AND (at, id) < (").bind(at).push(", ").bind(id).push(")");
    }
    sql.push(&format!(" ORDER BY at DESC, id DESC LIMIT {}", PAGE + 1));
    let mut models: Vec<Model> = sql.models(state.db.read()).await?;
    let more = models.len() > PAGE;
    models.truncate(PAGE);
    let last = models.last().filter(|_| more);
    let next_cursor = last.map(|last| format!("{}.{}", last.at, last.id.simple()));
    let mut items = Vec::with_capacity(models.len());
    for model in models {
        items.push(ActivityResponse {
            id: model.id,
            kind: known(ActivityKind::parse(&model.kind), "kind")?,
            detail: model.detail,
            at: Timestamp::from_millis(model.at),
        });
    }
    Ok(Json(Page { items, next_cursor, prev_cursor: None }))
}

/// The path already says whose timeline it is, so that a cursor needs no signature.
fn read_cursor(text: &str) -> Option<(i64, Uuid)> {
    let (at, id) = text.split_once('.')?;
    Some((at.parse().ok()?, Uuid::parse_str(id).ok()?))
}
