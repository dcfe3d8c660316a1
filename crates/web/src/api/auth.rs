//! `/api/v1/auth`, `/api/v1/me` and `/api/v1/invitations`

use fanbase_domain::{
    ids::SessionId,
    wire::{
        auth::{
            LoginRequest, MeResponse, PasswordRequest, PatchMeRequest, SessionResponse, SetUpRequest,
            SignUpRequest,
        },
        members::{InvitationOfferResponse, InvitationTokenRequest},
    },
};

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

/// The sign-ins of the account.
pub(crate) async fn list_sessions() -> Result<Vec<SessionResponse>, ApiError> {
    http::get("/me/sessions".to_owned()).await
}

/// Ends a sign-in.
pub(crate) async fn end_session(id: SessionId) -> Result<(), ApiError> {
    http::delete(format!("/me/sessions/{id}"), None).await
}

/// Makes the first account of a server; the answer sets the session's cookie.
pub(crate) async fn set_up(request: &SetUpRequest) -> Result<(), ApiError> {
    http::post_only("/auth/set-up".to_owned(), request).await
}

/// Makes an account by an invitation; the answer sets the session's cookie.
pub(crate) async fn sign_up(request: &SignUpRequest) -> Result<(), ApiError> {
    http::post_only("/auth/sign-up".to_owned(), request).await
}

/// What the holder of a secret is invited to.
pub(crate) async fn get_invitation_offer(token: String) -> Result<InvitationOfferResponse, ApiError> {
    http::post("/invitations/offer".to_owned(), InvitationTokenRequest { token }).await
}

/// Joins the store that a secret invites to.
pub(crate) async fn accept_invitation(token: String) -> Result<(), ApiError> {
    http::post_only("/invitations/accept".to_owned(), InvitationTokenRequest { token }).await
}
