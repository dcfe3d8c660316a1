//! Authentication: reads the credential of a request (API key, session cookie or session token of Clerk) and
//! finds its user.

use std::borrow::Cow;

use actix_web::{
    HttpRequest,
    http::{Method, header},
};
use fanbase_domain::ids::UserId;

use super::{clerk, secret};
use crate::{
    app_state::AppState,
    auth::session_cookie,
    error::ApiError,
    request_context::{self, Actor},
};

/// The prefix of API keys.
const KEY_PREFIX: &str = "fb_";

/// The credential of a request; of API keys and session cookies, only the hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// `Authorization: Bearer fb_…`
    ApiKey(Vec<u8>),
    /// The session cookie.
    Session(Vec<u8>),
    /// `Authorization: Bearer` with a session token of Clerk.
    Clerk(String),
}

impl Credential {
    /// A key that identifies the credential without containing the secret.
    #[must_use]
    pub fn key(&self) -> Vec<u8> {
        match self {
            Self::ApiKey(hash) | Self::Session(hash) => hash.clone(),
            Self::Clerk(token) => secret::hash(token),
        }
    }
}

/// Reads the credential of a request.
///
/// # Errors
/// [`ApiError::Unauthenticated`] when there is no credential; [`ApiError::Forbidden`] when another site sent
/// the request with the session cookie.
pub fn credential(request: &HttpRequest) -> Result<Credential, ApiError> {
    if let Some(value) = request.headers().get(header::AUTHORIZATION) {
        let value = value.to_str().unwrap_or_default();
        return match value.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                let token = token.trim();
                // API keys have no dots; a JWT has two.
                if !token.starts_with(KEY_PREFIX) && token.matches('.').count() == 2 {
                    return Ok(Credential::Clerk(token.to_owned()));
                }
                Ok(Credential::ApiKey(secret::hash(token)))
            }
            _ => Err(ApiError::Unauthenticated("Send the API key as Authorization: Bearer.")),
        };
    }
    let Some(token) = session_cookie::token(request) else {
        return Err(ApiError::Unauthenticated("Sign in, or send an API key as Authorization: Bearer."));
    };
    refuse_foreign_site(request)?;
    Ok(Credential::Session(secret::hash(&token)))
}

/// Refuses cross-site requests that change data with the session cookie (CSRF).
fn refuse_foreign_site(request: &HttpRequest) -> Result<(), ApiError> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let foreign = match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => !matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map_or(origin, |(_, host)| host);
            Some(host) != text("host")
        }
        (None, None) => false,
    };
    if foreign { Err(ApiError::Forbidden("This request came from another site.".into())) } else { Ok(()) }
}

/// The user of a credential.
///
/// # Errors
/// [`ApiError::Unauthenticated`] when the credential is invalid, has ended, or is an API key; [`SUSPENDED`]
/// when the account is suspended.
pub async fn user(state: &AppState, credential: Credential) -> Result<UserId, ApiError> {
    let token_hash = match credential {
        Credential::Session(hash) => hash,
        Credential::Clerk(token) => {
            let user = clerk::user(state, &token).await?;
            request_context::acts(Actor::User(user));
            return Ok(user);
        }
        Credential::ApiKey(_) => {
            return Err(ApiError::Unauthenticated("An API key is no person. Sign in."));
        }
    };
    let session = state.access.session(&state.db, token_hash).await?;
    if session.suspended {
        return Err(SUSPENDED);
    }
    request_context::acts(Actor::User(session.user));
    Ok(session.user)
}

/// The user of a route that API keys cannot use.
///
/// # Errors
/// [`ApiError::Forbidden`] for an API key; otherwise as [`user`].
pub async fn person(state: &AppState, credential: Credential) -> Result<UserId, ApiError> {
    if matches!(credential, Credential::ApiKey(_)) {
        return Err(ApiError::Forbidden("API keys belong to one store. Sign in.".into()));
    }
    user(state, credential).await
}

/// The error for suspended accounts.
pub const SUSPENDED: ApiError =
    ApiError::Forbidden(Cow::Borrowed("Your account is suspended. Ask whoever runs this platform."));
