//! `/api/v1/auth/clerk`

use actix_web::{HttpRequest, HttpResponse, post};
use fanbase_domain::wire::auth::ClerkSignInRequest;

use super::session;
use crate::{
    app_state::State,
    auth::{clerk, session_cookie},
    db::transaction,
    error::ApiError,
    http::{body::JsonBody, problems::Problems},
};

/// Sign in with Clerk
///
/// Exchanges a session token of Clerk for the session cookie (HttpOnly, SameSite=Lax), so that people who
/// are signed in at a platform get into the web app.
#[utoipa::path(
    tag = "auth", security(()), request_body = ClerkSignInRequest,
    responses((status = 204, description = "Signed in; the cookie is set."), Problems)
)]
#[post("/api/v1/auth/clerk")]
pub(crate) async fn sign_in_with_clerk(
    state: State,
    request: HttpRequest,
    body: JsonBody<ClerkSignInRequest>,
) -> Result<HttpResponse, ApiError> {
    let user = clerk::user(&state, &body.value.token).await?;
    let (days, user_agent) = (state.config.session_days, session::user_agent(&request));
    let token = transaction::write(&state.db, |tx| {
        let user_agent = user_agent.clone();
        Box::pin(async move { session::begin(tx, days, user, user_agent).await })
    })
    .await?;
    Ok(HttpResponse::NoContent().cookie(session_cookie::cookie(&state, token)).finish())
}
