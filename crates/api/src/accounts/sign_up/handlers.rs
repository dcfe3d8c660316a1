//! `/api/v1/auth/sign-up`, `/api/v1/auth/set-up`, `/api/v1/auth/options`

use actix_web::{HttpRequest, HttpResponse, get, post, web::Json};
use fanbase_domain::{
    problem::Problem,
    wire::auth::{AuthOptionsResponse, SetUpRequest, SignUp, SignUpRequest},
};

use super::{
    service,
    set_up::{self, SetUp},
};
use crate::{
    accounts::sessions::session,
    app_state::State,
    auth::session_cookie,
    config::SignUp as Policy,
    error::ApiError,
    http::{body::JsonBody, problems::Problems},
};

/// Sign up
///
/// Creates an account. With an invitation it becomes a member of the store, and is signed in. On a
/// server that is open to everybody it works without one; the answer is then the same whether or
/// not the address has an account already, and the next step is to sign in.
#[utoipa::path(
    tag = "auth", request_body = SignUpRequest, security(()),
    responses(
        (status = 204, description = "Done; with an invitation, the cookie is set."),
        (status = 403, description = "Accounts are created by invitation here.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The invitation was used, taken back, or has expired.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The address that was invited has an account: sign in and accept.", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/api/v1/auth/sign-up")]
pub(crate) async fn create_account(
    state: State,
    request: HttpRequest,
    body: JsonBody<SignUpRequest>,
) -> Result<HttpResponse, ApiError> {
    let sign_up = SignUp::try_from(body.value)?;
    let token = service::sign_up(&state, sign_up, session::user_agent(&request)).await?;
    let mut answer = HttpResponse::NoContent();
    if let Some(token) = token {
        answer.cookie(session_cookie::cookie(&state, token));
    }
    Ok(answer.finish())
}

/// Set the server up
///
/// Makes the first account, which administers the platform, and its store, by the link that the
/// server printed when it started. It works once.
#[utoipa::path(
    tag = "auth", request_body = SetUpRequest, security(()),
    responses(
        (status = 204, description = "Signed in; the cookie is set."),
        (status = 404, description = "The link is none, or was used.", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/api/v1/auth/set-up")]
pub(crate) async fn complete_set_up(
    state: State,
    request: HttpRequest,
    body: JsonBody<SetUpRequest>,
) -> Result<HttpResponse, ApiError> {
    let set_up = SetUp::try_from(body.value)?;
    let token = set_up::complete(&state, set_up, session::user_agent(&request)).await?;
    Ok(HttpResponse::NoContent().cookie(session_cookie::cookie(&state, token)).finish())
}

/// Get the ways to sign in
///
/// What somebody who is not signed in can do here.
#[utoipa::path(
    tag = "auth", security(()),
    responses((status = 200, description = "The ways.", body = AuthOptionsResponse), Problems)
)]
#[get("/api/v1/auth/options")]
pub(crate) async fn get_auth_options(state: State) -> Result<Json<AuthOptionsResponse>, ApiError> {
    Ok(Json(AuthOptionsResponse {
        sign_up_is_open: state.config.sign_up == Policy::Open,
        needs_set_up: set_up::is_empty(state.db.read()).await?,
    }))
}
