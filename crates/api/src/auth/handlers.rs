//! `/api/v1/auth` and `/api/v1/me`

use actix_web::{HttpRequest, HttpResponse, get, patch, post, web::Json};
use fanbase_domain::{
    ids::UserId,
    problem::Problem,
    wire::{
        auth::{LoginRequest, MePatch, MeResponse, PasswordChange, PasswordRequest, PatchMeRequest},
        stores::StoreResponse,
    },
};
use sea_orm::{EntityTrait as _, FromQueryResult as _};

use super::{
    identity::{self, Credential},
    scope::SignedIn,
    session,
};
use crate::{
    db::{
        entities::{stores::Model, users},
        sql::Sql,
    },
    error::ApiError,
    http::{body::JsonBody, problems::Problems, state::State},
    stores::queries,
    users::{rows::user, service},
};

/// Sign in
///
/// Sets the session cookie (HttpOnly, SameSite=Lax).
#[utoipa::path(
    tag = "auth", request_body = LoginRequest,
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
    let client = request.peer_addr().map(|address| address.ip());
    let token = session::sign_in(&state, body.value, client).await?;
    Ok(HttpResponse::NoContent().cookie(session::cookie(&state, token)).finish())
}

/// Sign out
///
/// Ends the session. Without one, nothing happens.
#[utoipa::path(tag = "auth", responses((status = 204, description = "Signed out."), Problems))]
#[post("/api/v1/auth/logout")]
pub(crate) async fn logout(state: State, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    if let Some(cookie) = request.cookie(session::COOKIE) {
        identity::credential(&request)?;
        session::sign_out(&state, cookie.value()).await?;
    }
    let mut gone = session::cookie(&state, String::new());
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
        Credential::Session(hash) => {
            let id = identity::session_user(&state, hash).await?;
            Ok(Json(me(&state, id).await?))
        }
        Credential::ApiKey(hash) => {
            let mut sql = Sql::new(
                "SELECT s.* FROM api_keys k JOIN stores s ON s.id = k.store_id
                 WHERE k.revoked_at IS NULL AND k.secret_hash = ",
            );
            sql.bind(hash);
            let row = sql.one(state.db.read()).await?;
            let row = row.ok_or(ApiError::Unauthenticated("The API key is not valid, or was revoked."))?;
            let store = queries::store(Model::from_query_result(&row, "")?)?;
            Ok(Json(MeResponse {
                user_id: None,
                email: None,
                name: None,
                avatar_url: None,
                is_admin: false,
                stores: vec![store.into()],
            }))
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
        stores: stores.into_iter().map(StoreResponse::from).collect(),
    })
}

/// Change your account
///
/// Of who is signed in.
#[utoipa::path(
    tag = "auth", request_body = PatchMeRequest,
    responses((status = 200, description = "Who you are now.", body = MeResponse), Problems)
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

/// Change your password
///
/// Of who is signed in. Every other session of the account ends.
#[utoipa::path(
    tag = "auth", request_body = PasswordRequest,
    responses(
        (status = 204, description = "The password is changed."),
        (status = 429, description = "A password was tried too often; Retry-After says when to try again.", body = Problem, content_type = "application/problem+json"),
        Problems,
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
    let token = request.cookie(session::COOKIE).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    let client = request.peer_addr().map(|address| address.ip());
    session::change_password(&state, user, &token, change, client).await?;
    Ok(HttpResponse::NoContent().finish())
}
