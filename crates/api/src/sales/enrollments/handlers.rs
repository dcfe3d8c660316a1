//! `/api/v1/stores/{store_id}/enrollments`

use super::service;
use crate::{
    app_state::State,
    audience::customers::{
        handlers::customer_id,
        pages::{self, List},
    },
    auth::scope::{Read, Report, StoreScope},
    clock,
    db::column::known,
    error::ApiError,
    http::{
        body::JsonBody, idempotency, parameters::CursorParams, problems::StoreProblems,
        stored_response::Answer,
    },
    sales::facts::enrollments,
};
use actix_web::{
    HttpRequest, HttpResponse, get, patch, post,
    web::{Json, Path},
};
use fanbase_domain::{
    problem::Problem,
    wire::{
        enrollments::{
            EnrollmentRequest, EnrollmentResponse, NewEnrollment, PatchEnrollmentRequest, ProgressReport,
        },
        page::Page,
    },
};

const ENROLLMENTS: List = List { table: "enrollments", at: "enrolled_at", columns: enrollments::ROW };

/// Report an enrolment
///
/// Makes the customer, linked to the account of the address if there is one, and the course, if its title is
/// sent. A reference that is known adds what it says to what is known, and nothing is undone by a report that
/// comes twice or late.
#[utoipa::path(
    security(("api_key" = ["events:write"]), ("session" = ["edit"])),
    tag = "events",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer, for 24 hours"),
    ),
    request_body(content = EnrollmentRequest, example = json!({"reference": "enrollment-77", "customer": {"email": "ava.lindqvist@example.com", "first_name": "Ava"}, "course": {"reference": "mixing-101", "title": "Mixing 101"}})),
    responses(
        (status = 201, description = "The enrolment.", body = EnrollmentResponse),
        (status = 200, description = "The enrolment, which was known, as it is now.", body = EnrollmentResponse),
        (status = 409, description = "The reference is that of somebody else's enrolment, or in another course; or the payment has another amount.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[post("/api/v1/stores/{store_id}/enrollments")]
pub(crate) async fn create_enrollment(
    state: State,
    scope: StoreScope<Report>,
    request: HttpRequest,
    body: JsonBody<EnrollmentRequest>,
) -> Result<HttpResponse, ApiError> {
    let new = NewEnrollment::try_from(body.value)?;
    let (store_id, now) = (scope.id(), clock::now());
    idempotency::once(&state, store_id, &request, &body.hash, |tx| {
        let new = new.clone();
        Box::pin(async move {
            let (enrollment, is_new) = service::create(tx, store_id, new, now).await?;
            if is_new { Answer::created(&enrollment) } else { Answer::known(&enrollment) }
        })
    })
    .await
}

/// Report progress in a course
///
/// Of several reports, the one with the latest `as_of` counts, whatever their order.
#[utoipa::path(
    security(("api_key" = ["events:write"]), ("session" = ["edit"])),
    tag = "events",
    params(
        ("store_id" = Uuid, Path, description = "The store"),
        ("enrollment_id" = Uuid, Path, description = "The enrolment"),
    ),
    request_body = PatchEnrollmentRequest,
    responses((status = 200, description = "The enrolment.", body = EnrollmentResponse), StoreProblems)
)]
#[patch("/api/v1/stores/{store_id}/enrollments/{enrollment_id}")]
pub(crate) async fn patch_enrollment(
    state: State,
    scope: StoreScope<Report>,
    path: Path<(String, String)>,
    body: JsonBody<PatchEnrollmentRequest>,
) -> Result<Json<EnrollmentResponse>, ApiError> {
    let id = path.1.parse().map_err(|_| ApiError::NotFound("enrollment"))?;
    let progress = ProgressReport::try_from(body.value)?;
    Ok(Json(service::patch(&state.db, scope.id(), id, progress, clock::now()).await?))
}

/// List the enrolments of a customer
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
    responses((status = 200, description = "A page of enrolments.", body = Page<EnrollmentResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/customers/{customer_id}/enrollments")]
pub(crate) async fn list_enrollments(
    state: State,
    scope: StoreScope<Read>,
    path: Path<(String, String)>,
    params: CursorParams,
) -> Result<Json<Page<EnrollmentResponse>>, ApiError> {
    let whose = (scope.id(), customer_id(&path.1)?);
    let page = pages::read(
        state.db.read(),
        ENROLLMENTS,
        whose,
        params.cursor.as_deref(),
        |_| {},
        |row| known(service::response(&enrollments::stored(row)?), "customer_id"),
    );
    Ok(Json(page.await?))
}
