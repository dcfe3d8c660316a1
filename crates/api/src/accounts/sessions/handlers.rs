//! `/api/v1/auth` and `/api/v1/me`

use actix_web::{
    HttpRequest, HttpResponse, delete, get, patch, post,
    web::{Json, Path},
};
use fanbase_domain::{
    ids::UserId,
    problem::Problem,
    wire::{
        auth::{
            LoginRequest, MePatch, MeResponse, PasswordChange, PasswordRequest, PatchMeRequest,
            SessionResponse,
        },
        stores::StoreResponse,
    },
};
use sea_orm::EntityTrait as _;

use super::{password, session};
use crate::{
    accounts::{stores::queries, users::service},
    app_state::State,
    auth::{
        identity::{self, Credential},
        scope::SignedIn,
        session_cookie,
    },
    db::entities::users::{self, user},
    error::ApiError,
    http::{
        body::JsonBody,
        problems::{PersonProblems, Problems},
    },
};

/// Sign in
///
/// Sets the session cookie (HttpOnly, SameSite=Lax).
#[utoipa::path(
    tag = "auth", request_body = LoginRequest, security(()),
    responses(
        (status = 204, description = "Signed in; the cookie is set."),
        (status = 429, description = "A password was tried too often; Retry-After says when to try again.", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/api/v1/auth/login")]
pub(crate) async fn login(
    state: State,
    request: HttpRequest,
    body: JsonBody<LoginRequest>,
) -> Result<HttpResponse, ApiError> {
    let token = session::sign_in(&state, body.value, session::user_agent(&request)).await?;
    Ok(HttpResponse::NoContent().cookie(session_cookie::cookie(&state, token)).finish())
}

/// Sign out
///
/// Ends the session. Without one, nothing happens.
#[utoipa::path(tag = "auth", security(()), responses((status = 204, description = "Signed out."), Problems))]
#[post("/api/v1/auth/logout")]
pub(crate) async fn logout(state: State, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    if let Some(token) = session_cookie::token(&request) {
        identity::credential(&request)?;
        session::sign_out(&state, &token).await?;
        state.access.clear();
    }
    let mut gone = session_cookie::cookie(&state, String::new());
    gone.make_removal();
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}

/// Who is signed in
///
/// For an API key: its store.
#[utoipa::path(tag = "auth", responses((status = 200, description = "Who it is.", body = MeResponse), Problems))]
#[get("/api/v1/me")]
pub(crate) async fn get_me(state: State, request: HttpRequest) -> Result<Json<MeResponse>, ApiError> {
    match identity::credential(&request)? {
        Credential::ApiKey(hash) => {
            let key = state.access.key(&state.db, hash).await?;
            Ok(Json(MeResponse {
                user_id: None,
                email: None,
                name: None,
                avatar_url: None,
                is_admin: false,
                stores: vec![StoreResponse::seen_by(key.store.clone(), None)],
            }))
        }
        credential => {
            let id = identity::person(&state, credential).await?;
            Ok(Json(me(&state, id).await?))
        }
    }
}

async fn me(state: &State, id: UserId) -> Result<MeResponse, ApiError> {
    let model = users::Entity::find_by_id(id.uuid()).one(state.db.read()).await?;
    let user = user(model.ok_or(ApiError::Unauthenticated("Your account was deleted."))?);
    let stores = queries::of_user(state.db.read(), id).await?;
    Ok(MeResponse {
        user_id: Some(user.id),
        email: user.email,
        name: user.name,
        avatar_url: user.avatar_url,
        is_admin: user.is_admin,
        stores: stores.into_iter().map(|(store, role)| StoreResponse::seen_by(store, Some(role))).collect(),
    })
}

/// Change your account
///
/// Of who is signed in.
#[utoipa::path(
    security(("session" = [])),
    tag = "auth", request_body = PatchMeRequest,
    responses((status = 200, description = "Who you are now.", body = MeResponse), PersonProblems)
)]
#[patch("/api/v1/me")]
pub(crate) async fn patch_me(
    state: State,
    SignedIn(user): SignedIn,
    body: JsonBody<PatchMeRequest>,
) -> Result<Json<MeResponse>, ApiError> {
    let MePatch { name } = MePatch::try_from(body.value)?;
    if let Some(name) = name {
        service::rename(&state.db, user, name.as_deref()).await?;
    }
    Ok(Json(me(&state, user).await?))
}

/// List your sign-ins
///
/// Those that have not ended, newest first.
#[utoipa::path(
    security(("session" = [])),
    tag = "auth",
    responses((status = 200, description = "The sessions.", body = Vec<SessionResponse>), PersonProblems)
)]
#[get("/api/v1/me/sessions")]
pub(crate) async fn list_sessions(
    state: State,
    SignedIn(user): SignedIn,
    request: HttpRequest,
) -> Result<Json<Vec<SessionResponse>>, ApiError> {
    let current = session_cookie::token(&request);
    Ok(Json(session::list(state.db.read(), user, current.as_deref()).await?))
}

/// End a sign-in
///
/// Whoever uses it has to sign in again.
#[utoipa::path(
    security(("session" = [])),
    tag = "auth", params(("session_id" = Uuid, Path, description = "The session")),
    responses(
        (status = 204, description = "Ended."),
        (status = 404, description = "You have no such session.", body = Problem, content_type = "application/problem+json"),
        PersonProblems,
    )
)]
#[delete("/api/v1/me/sessions/{session_id}")]
pub(crate) async fn delete_session(
    state: State,
    SignedIn(user): SignedIn,
    path: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let id = path.parse().map_err(|_| ApiError::NotFound("session"))?;
    session::revoke(&state, user, id).await?;
    state.access.clear();
    Ok(HttpResponse::NoContent().finish())
}

/// Change your password
///
/// Of who is signed in. Every other session of the account ends.
#[utoipa::path(
    security(("session" = [])),
    tag = "auth", request_body = PasswordRequest,
    responses(
        (status = 204, description = "The password is changed."),
        (status = 429, description = "A password was tried too often; Retry-After says when to try again.", body = Problem, content_type = "application/problem+json"),
        PersonProblems,
    )
)]
#[post("/api/v1/auth/password")]
pub(crate) async fn change_password(
    state: State,
    SignedIn(user): SignedIn,
    request: HttpRequest,
    body: JsonBody<PasswordRequest>,
) -> Result<HttpResponse, ApiError> {
    let change = PasswordChange::try_from(body.value)?;
    let token = session_cookie::token(&request).unwrap_or_default();
    password::change(&state, user, &token, change).await?;
    state.access.clear();
    Ok(HttpResponse::NoContent().finish())
}
