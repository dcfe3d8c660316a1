//! The credentials of a request: an API key, or the cookie of a session.

use actix_web::{
    HttpRequest,
    http::{Method, header},
};
use fanbase_domain::ids::{ApiKeyId, UserId};
use uuid::Uuid;

use super::{secret, session};
use crate::{clock, db::sql::Sql, error::ApiError, http::state::AppState};

/// Who does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person who is signed in.
    User(UserId),
    /// A third-party tool.
    ApiKey(ApiKeyId),
}

impl Actor {
    /// The person, if it is one.
    #[must_use]
    pub fn user_id(self) -> Option<UserId> {
        match self {
            Self::User(id) => Some(id),
            Self::ApiKey(_) => None,
        }
    }
}

/// What a request proves itself by; the hash of the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// `Authorization: Bearer fb_…`
    ApiKey(Vec<u8>),
    /// The session cookie.
    Session(Vec<u8>),
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
                Ok(Credential::ApiKey(secret::hash(token.trim())))
            }
            _ => Err(ApiError::Unauthenticated("Send the API key as Authorization: Bearer.")),
        };
    }
    let Some(cookie) = request.cookie(session::COOKIE) else {
        return Err(ApiError::Unauthenticated("Sign in, or send an API key as Authorization: Bearer."));
    };
    refuse_foreign_site(request)?;
    Ok(Credential::Session(secret::hash(cookie.value())))
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
    if foreign { Err(ApiError::Forbidden("This request came from another site.")) } else { Ok(()) }
}

/// The person whose session this is.
///
/// # Errors
/// When there is no such session, or it has ended.
pub async fn session_user(state: &AppState, token_hash: Vec<u8>) -> Result<UserId, ApiError> {
    let mut sql = Sql::new("SELECT user_id FROM sessions WHERE token_hash = ");
    sql.bind(token_hash).push(" AND expires_at > ").bind(clock::now().millis());
    let row = sql.one(state.db.read()).await?;
    let row = row.ok_or(ApiError::Unauthenticated("Your sign-in has ended. Sign in again."))?;
    Ok(UserId::new(row.try_get_by_index::<Uuid>(0)?))
}
