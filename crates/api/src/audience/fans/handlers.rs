//! `/api/v1/stores/{store_id}/fans`

use actix_web::{
    HttpRequest, HttpResponse, get, post,
    web::{Json, Path},
};
use fanbase_domain::{
    fan::Fan,
    page::{Cursor, Step},
    problem::Problem,
    wire::{
        audit::AuditAction,
        bulk::{Bulk, BulkRequest, BulkResponse},
        fans::{FanCountsResponse, FanPage, FanResponse, RecountResponse},
    },
};
use serde_json::json;
use uuid::Uuid;

use super::{
    bulk, cursor, export, holdings,
    list::Query,
    params::{ExportParams, FanFilterParams, FanParams, FilterParams, LayoutParams, PageParams},
    service, visibility,
};
use crate::{
    app_state::State,
    auth::scope::{Export, Manage, Read, StoreScope, Write},
    db::audit_log::Entry,
    error::ApiError,
    http::{body::JsonBody, problems::StoreProblems},
};

/// List fans
///
/// Everyone the store knows, each once: customers, and accounts that are not yet customers.
/// Pages follow each other by cursor, at any depth equally fast.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "fans", params(("store_id" = Uuid, Path, description = "The store"), FanFilterParams, PageParams),
    responses((status = 200, description = "A page of fans.", body = FanPage), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/fans")]
pub(crate) async fn list_fans(
    state: State,
    scope: StoreScope<Read>,
    params: FanParams,
) -> Result<Json<FanPage>, ApiError> {
    Ok(Json(page(&state, &scope, params).await?))
}

/// The requested page, restricted to what the caller may see.
async fn page(state: &State, scope: &StoreScope<Read>, mut params: FanParams) -> Result<FanPage, ApiError> {
    service::prepare(&state.db, scope, &mut params.filter, Some(params.sort)).await?;
    let list = cursor::list_key(scope.id(), params.sort, &params.filter);
    let (cursor, rank) = match (&params.cursor, params.at) {
        (Some(text), _) => (Some(cursor::decode(state, &list, text)?), None),
        (None, Some(at)) => service::at_rank(state, scope.id(), &params, at).await?,
        (None, None) => {
            service::expect_jumps(state, scope.id(), &params);
            (None, None)
        }
    };
    let query = Query {
        store_id: scope.id(),
        filter: &params.filter,
        sort: params.sort,
        cursor: cursor.as_ref(),
        limit: params.limit,
    };
    let page = service::page(&state.db, &state.plans, &query).await?;
    let backwards = cursor.as_ref().is_some_and(|cursor| cursor.step == Step::Previous);
    let (has_next, has_prev) = match (&cursor, backwards) {
        (_, true) => (true, page.more),
        (Some(_), false) => (page.more, rank != Some(0)),
        (None, false) => (page.more, false),
    };
    let at = |fan: Option<&Fan>, step: Step, wanted: bool| {
        let position = fan.filter(|_| wanted).map(|fan| fan.position(params.sort.column));
        position.map(|position| cursor::encode(state, &list, &Cursor { position, step })).transpose()
    };
    let next_cursor = at(page.items.last(), Step::Next, has_next)?;
    let prev_cursor = at(page.items.first(), Step::Previous, has_prev)?;
    let mut items: Vec<FanResponse> = page.items.into_iter().map(|fan| visibility::fan(scope, fan)).collect();
    holdings::add(state.db.read(), scope.id(), params.include, &mut items).await?;
    Ok(FanPage { items, next_cursor, prev_cursor, rank })
}

/// Count fans
///
/// Exact and live, by type, for any filter.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "fans", params(("store_id" = Uuid, Path, description = "The store"), FanFilterParams),
    responses((status = 200, description = "How many there are.", body = FanCountsResponse), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/fans/counts")]
pub(crate) async fn count_fans(
    state: State,
    scope: StoreScope<Read>,
    FilterParams(mut filter): FilterParams,
) -> Result<Json<FanCountsResponse>, ApiError> {
    service::prepare(&state.db, &scope, &mut filter, None).await?;
    Ok(Json(service::count(&state.db, &state.plans, scope.id(), &filter).await?))
}

/// Recount fans
///
/// Counts everything anew and tells by how much the counters were off, which must be nothing.
#[utoipa::path(
    security(("session" = ["manage_store"])),
    tag = "fans", params(("store_id" = Uuid, Path, description = "The store")),
    responses((status = 200, description = "What was counted.", body = RecountResponse), StoreProblems)
)]
#[post("/api/v1/stores/{store_id}/fans/recount")]
pub(crate) async fn recount_fans(
    state: State,
    scope: StoreScope<Manage>,
) -> Result<Json<RecountResponse>, ApiError> {
    Ok(Json(service::drift(&state.db, scope.id()).await?))
}

/// Change many fans
///
/// Tags, untags or deletes everyone that the filter admits, or those of them that `ids` names.
/// Works in batches: other requests go on in between. Doing it again changes nothing more.
#[utoipa::path(
    security(("api_key" = ["fans:write"]), ("session" = ["edit"])),
    tag = "fans", params(("store_id" = Uuid, Path, description = "The store"), FanFilterParams),
    request_body = BulkRequest,
    responses(
        (status = 200, description = "What became of them.", body = BulkResponse),
        (status = 409, description = "Far more match than the person saw.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[post("/api/v1/stores/{store_id}/fans/bulk")]
pub(crate) async fn change_fans(
    state: State,
    scope: StoreScope<Write>,
    FilterParams(mut filter): FilterParams,
    body: JsonBody<BulkRequest>,
) -> Result<Json<BulkResponse>, ApiError> {
    service::prepare(&state.db, &scope, &mut filter, None).await?;
    let bulk = Bulk::try_from(body.value)?;
    Ok(Json(bulk::run(&state.db, &state.plans, scope.id(), &filter, &bulk).await?))
}

/// Export fans
///
/// CSV, streamed; everything, oldest first, unless said otherwise. Cells that a spreadsheet would run as a formula start with `'`;
/// an import of the file takes that away again.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["export"])),
    tag = "fans", params(("store_id" = Uuid, Path, description = "The store"), FanFilterParams, LayoutParams),
    responses((status = 200, description = "The fans.", body = String, content_type = "text/csv"), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/fans/export")]
pub(crate) async fn export_fans(
    state: State,
    scope: StoreScope<Export>,
    request: HttpRequest,
    params: ExportParams,
) -> Result<HttpResponse, ApiError> {
    let ExportParams { mut filter, layout } = params;
    service::prepare(&state.db, &scope, &mut filter, Some(layout.sort)).await?;
    let entry = Entry::of_store(scope.id(), AuditAction::FansExported);
    entry
        .after(&json!({ "filter": without_addresses(request.query_string()) }))?
        .record(state.db.write())
        .await?;
    let name = format!("attachment; filename=\"{}-fans.csv\"", scope.store.slug);
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("content-disposition", name))
        .streaming(export::stream(state.db.clone(), scope.store, filter, layout)))
}

/// A query string without the e-mail addresses in it, since audit entries outlive the persons.
fn without_addresses(query: &str) -> String {
    let is_address = |value: &str| value.contains('@') || value.to_ascii_lowercase().contains("%40");
    let parts = query.split('&').map(|part| match part.split_once('=') {
        Some((name, value)) if is_address(value) => format!("{name}=%E2%80%A6"),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("&")
}

/// Get a fan
///
/// By the id of the customer, or of the account that is not yet one.
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "fans",
    params(("store_id" = Uuid, Path, description = "The store"), ("fan_id" = Uuid, Path, description = "The fan")),
    responses((status = 200, description = "The fan.", body = FanResponse), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/fans/{fan_id}")]
pub(crate) async fn get_fan(
    state: State,
    scope: StoreScope<Read>,
    path: Path<(String, String)>,
) -> Result<Json<FanResponse>, ApiError> {
    let id = Uuid::parse_str(&path.1).map_err(|_| ApiError::NotFound("fan"))?;
    match service::find(&state.db, scope.id(), id).await? {
        Fan::User(..) if !scope.store.shows_accounts => Err(ApiError::NotFound("fan")),
        fan => Ok(Json(visibility::fan(&scope, fan))),
    }
}
