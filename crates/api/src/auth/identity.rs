//! The credentials of a request: an API key, or the cookie of a session.

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

/// What API keys start with.
const KEY_PREFIX: &str = "fb_";

/// What a request proves itself by; the hash of the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// `Authorization: Bearer fb_…`
    ApiKey(Vec<u8>),
    /// The session cookie.
    Session(Vec<u8>),
    /// `Authorization: Bearer` with a session token of Clerk, itself.
    Clerk(String),
}

impl Credential {
    /// What tells it from others, without being it.
    #[must_use]
    pub fn key(&self) -> Vec<u8> {
        match self {
            Self::ApiKey(hash) | Self::Session(hash) => hash.clone(),
            Self::Clerk(token) => secret::hash(token),
        }
    }
}

/// Reads the credentials of a request.
///
/// # Errors
/// When there are none, or another site sent the request with our cookie.
pub fn credential(request: &HttpRequest) -> Result<Credential, ApiError> {
    if let Some(value) = request.headers().get(header::AUTHORIZATION) {
        let value = value.to_str().unwrap_or_default();
        return match value.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                let token = token.trim();
                // Keys have no dots; a signed token has two.
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

/// Refuses a change that another site asks for with the browser's cookie.
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

/// The person that a credential proves.
///
/// # Errors
/// When it is none, has ended, or the account is suspended.
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

/// The person who asks for what no API key may.
///
/// # Errors
/// When it is an API key, or as [`user`].
pub async fn person(state: &AppState, credential: Credential) -> Result<UserId, ApiError> {
    if matches!(credential, Credential::ApiKey(_)) {
        return Err(ApiError::Forbidden("API keys belong to one store. Sign in.".into()));
    }
    user(state, credential).await
}

/// What somebody is told whose account is suspended.
pub const SUSPENDED: ApiError =
    ApiError::Forbidden(Cow::Borrowed("Your account is suspended. Ask whoever runs this platform."));
