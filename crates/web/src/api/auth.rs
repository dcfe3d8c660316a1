//! `/api/v1/auth` and `/api/v1/me`

use fanbase_domain::wire::auth::{LoginRequest, MeResponse, PasswordRequest, PatchMeRequest};

use super::{ApiError, http};

/// Signs in; the answer sets the session's cookie.
pub(crate) async fn login(request: &LoginRequest) -> Result<(), ApiError> {
    http::post_only("/auth/login".to_owned(), request).await
}

/// Ends the session.
pub(crate) async fn logout() -> Result<(), ApiError> {
    http::post_empty("/auth/logout".to_owned()).await
}

/// Who is signed in, and which stores they can open.
pub(crate) async fn get_me() -> Result<MeResponse, ApiError> {
    http::get("/me".to_owned()).await
}

/// Changes the account that is signed in.
pub(crate) async fn patch_me(name: Option<String>) -> Result<(), ApiError> {
    http::patch_only("/me".to_owned(), PatchMeRequest { name: Some(name) }, None).await
}

/// Changes the password of the account that is signed in.
pub(crate) async fn change_password(request: &PasswordRequest) -> Result<(), ApiError> {
    http::post_only("/auth/password".to_owned(), request).await
}
