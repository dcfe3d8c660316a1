//! `/api/v1/stores`

use actix_web::{HttpRequest, HttpResponse, get, http::header, patch, post, web::Json};
use fanbase_domain::{
    problem::Problem,
    role::Role,
    wire::stores::{CreateStoreRequest, NewStore, PatchStoreRequest, StorePatch, StoreResponse},
};

use super::{queries, service};
use crate::{
    app_state::State,
    auth::scope::{Manage, Read, SignedIn, StoreScope},
    db::periods::Zone,
    error::ApiError,
    http::{
        body::JsonBody,
        problems::{PersonProblems, StoreProblems},
        version::{self, Expected},
    },
};

/// List stores
///
/// Those that you can open, by name.
#[utoipa::path(
    security(("session" = [])),
    tag = "stores", responses((status = 200, description = "Your stores.", body = Vec<StoreResponse>), PersonProblems)
)]
#[get("/api/v1/stores")]
pub(crate) async fn list_stores(state: State, user: SignedIn) -> Result<Json<Vec<StoreResponse>>, ApiError> {
    let stores = queries::of_user(state.db.read(), user.0).await?;
    Ok(Json(stores.into_iter().map(|(store, role)| StoreResponse::seen_by(store, Some(role))).collect()))
}

/// Create a store
///
/// You own it.
#[utoipa::path(
    security(("session" = [])),
    tag = "stores", request_body = CreateStoreRequest,
    responses(
        (status = 201, description = "The store.", body = StoreResponse),
        (status = 409, description = "Another store has the slug.", body = Problem, content_type = "application/problem+json"),
        PersonProblems,
    )
)]
#[post("/api/v1/stores")]
pub(crate) async fn create_store(
    state: State,
    user: SignedIn,
    body: JsonBody<CreateStoreRequest>,
) -> Result<HttpResponse, ApiError> {
    let store = service::create(&state.db, NewStore::try_from(body.value)?, user.0).await?;
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, format!("/api/v1/stores/{}", store.id)))
        .insert_header(version::etag(store.version))
        .json(StoreResponse::seen_by(store, Some(Role::AgencyOwner))))
}

/// Get a store
#[utoipa::path(
    security(("api_key" = ["fans:read"]), ("session" = ["read"])),
    tag = "stores", description = "With the `ETag` that a change has to name.",
    params(("store_id" = Uuid, Path, description = "The store")),
    responses((status = 200, description = "The store.", body = StoreResponse), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}")]
pub(crate) async fn get_store(scope: StoreScope<Read>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(version::etag(scope.store.version))
        .json(StoreResponse::seen_by(scope.store, scope.role))
}

/// Change a store
///
/// What is absent stays. Only people may.
#[utoipa::path(
    security(("session" = ["manage_store"])),
    tag = "stores",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("If-Match" = String, Header, description = "The ETag that was read, or *"),
    ),
    request_body = PatchStoreRequest,
    responses(
        (status = 200, description = "The store.", body = StoreResponse),
        (status = 412, description = "It was changed by somebody else.", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[patch("/api/v1/stores/{store_id}")]
pub(crate) async fn patch_store(
    state: State,
    scope: StoreScope<Manage>,
    request: HttpRequest,
    body: JsonBody<PatchStoreRequest>,
) -> Result<HttpResponse, ApiError> {
    let version = match version::if_match(&request)? {
        Expected::Version(version) => version,
        Expected::Any => scope.store.version,
    };
    let patch = StorePatch::try_from(body.value)?;
    if let Some(Some(zone)) = &patch.time_zone {
        Zone::parse(zone).ok_or_else(|| {
            ApiError::parameter("/time_zone", "time_zone_unknown", "An IANA name such as Europe/Berlin.")
        })?;
    }
    let store = service::patch(&state.db, scope.id(), version, patch).await?;
    state.access.clear();
    Ok(HttpResponse::Ok()
        .insert_header(version::etag(store.version))
        .json(StoreResponse::seen_by(store, scope.role)))
}
