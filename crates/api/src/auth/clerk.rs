//! Verifies Clerk's session tokens (JWTs, <https://clerk.com/docs/backend-requests/manual-jwt>) and finds the
//! account of their subject.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::{PoisonError, RwLock},
    time::{Duration, Instant},
};

use fanbase_domain::ids::UserId;
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    jwk::{AlgorithmParameters, Jwk},
};
use serde::Deserialize;
use tokio::sync::Mutex;
use uuid::Uuid;

use super::identity::SUSPENDED;
use crate::{
    app_state::AppState, config::Config, db::sql::Sql, error::ApiError, http::client, secrets::public_key,
};

/// The tolerated clock skew, in seconds.
const LEEWAY: u64 = 5;
/// How long fetched keys are used before they are fetched again.
const FRESH: Duration = Duration::from_secs(60 * 60);
/// The maximum number of fetches per minute, whatever key ids the tokens name.
const FETCHES_PER_MINUTE: usize = 5;

const WRONG: ApiError = ApiError::Unauthenticated("The session token is not valid. Sign in again at Clerk.");

/// Verifies session tokens.
pub struct Tokens {
    issuer: Option<String>,
    parties: Vec<String>,
    source: Source,
    keys: RwLock<Keys>,
    /// Locked during a fetch; the times of the recent ones.
    fetches: Mutex<VecDeque<Instant>>,
}

/// The source of the public keys.
enum Source {
    /// A key in the settings.
    Setting(DecodingKey),
    /// The URL of a key set (JWKS).
    Address(String),
}

#[derive(Clone, Default)]
struct Keys {
    by_id: HashMap<String, DecodingKey>,
    fetched_at: Option<Instant>,
}

/// The claims that are read.
#[derive(Debug, Deserialize)]
struct Claims {
    sub: String,
    sid: String,
    azp: Option<String>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl Tokens {
    /// Creates the verifier from the settings.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when the configured key is not a valid public key.
    pub fn new(config: &Config) -> Result<Self, ApiError> {
        let issuer = config.clerk_issuer.as_deref().map(|issuer| issuer.trim_end_matches('/').to_owned());
        let source = match (&config.clerk_jwt_key, &config.clerk_jwks_url) {
            (Some(pem), _) => Source::Setting(public_key(pem).map_err(ApiError::Internal)?),
            (None, Some(url)) => Source::Address(url.clone()),
            (None, None) => {
                Source::Address(format!("{}/.well-known/jwks.json", issuer.as_deref().unwrap_or_default()))
            }
        };
        Ok(Self {
            issuer,
            parties: config.clerk_authorized_parties.clone(),
            source,
            keys: RwLock::default(),
            fetches: Mutex::default(),
        })
    }

    /// Verifies a token and returns its subject.
    ///
    /// # Errors
    /// [`ApiError::Unauthenticated`] when the token is not valid now, or Clerk is not configured;
    /// [`ApiError::Unavailable`] when the keys cannot be fetched.
    async fn subject(&self, token: &str) -> Result<String, ApiError> {
        let Some(issuer) = &self.issuer else {
            return Err(ApiError::Unauthenticated(
                "The server does not take session tokens of Clerk: its setting clerk_issuer is empty.",
            ));
        };
        // The server chooses the algorithm, not the token.
        let header = decode_header(token).map_err(|_| WRONG)?;
        if header.alg != Algorithm::RS256 {
            return Err(WRONG);
        }
        let key = match &self.source {
            Source::Setting(key) => key.clone(),
            Source::Address(url) => self.key(url, &header.kid.ok_or(WRONG)?).await?,
        };
        let mut validation = Validation::new(Algorithm::RS256);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        // The audience of a token is in `azp`.
        validation.validate_aud = false;
        validation.set_issuer(&[issuer]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "sub"]);
        let claims = decode::<Claims>(token, &key, &validation)
            .map_err(|error| match error.kind() {
                jsonwebtoken::errors::ErrorKind::ExpiredSignature => {
                    ApiError::Unauthenticated("The session token has expired. Get a new one from Clerk.")
                }
                _ => WRONG,
            })?
            .claims;
        let is_party = |azp: &String| self.parties.iter().any(|party| party.trim_end_matches('/') == azp);
        if !self.parties.is_empty() && !claims.azp.as_ref().is_some_and(is_party) {
            return Err(ApiError::Unauthenticated("The session token was made for another application."));
        }
        if claims.sid.is_empty() || claims.sub.is_empty() {
            return Err(WRONG);
        }
        Ok(claims.sub)
    }

    /// The key with this id: cached, or fetched.
    async fn key(&self, url: &str, id: &str) -> Result<DecodingKey, ApiError> {
        if let Some(key) = self.known(id, true) {
            return Ok(key);
        }
        let mut fetches = self.fetches.lock().await;
        // Another request may have fetched it meanwhile.
        if let Some(key) = self.known(id, true) {
            return Ok(key);
        }
        let now = Instant::now();
        fetches.retain(|at| now.duration_since(*at) < Duration::from_secs(60));
        let mut failed = false;
        if fetches.len() < FETCHES_PER_MINUTE {
            fetches.push_back(now);
            match fetch(url).await {
                Ok(by_id) => {
                    let keys = Keys { by_id, fetched_at: Some(Instant::now()) };
                    *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
                }
                Err(error) => {
                    failed = true;
                    tracing::warn!(error.detail = error, "the keys of Clerk's session tokens cannot be had");
                }
            }
        }
        // Falls back on expired keys when they cannot be refreshed.
        match self.known(id, false) {
            Some(key) => Ok(key),
            None if failed => Err(ApiError::Unavailable),
            None => Err(WRONG),
        }
    }

    fn known(&self, id: &str, fresh: bool) -> Option<DecodingKey> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = keys.fetched_at.is_some_and(|at| at.elapsed() < FRESH);
        if is_fresh || !fresh { keys.by_id.get(id).cloned() } else { None }
    }
}

/// Fetches the key set; keys that are not RSA are skipped.
async fn fetch(url: &str) -> Result<HashMap<String, DecodingKey>, String> {
    let set = client::json(client::client()?.get(url)).await?;
    let keys = set["keys"].as_array().ok_or("the answer is no set of keys")?;
    let rsa = keys.iter().filter_map(|key| {
        let key: Jwk = serde_json::from_value(key.clone()).ok()?;
        let AlgorithmParameters::RSA(_) = &key.algorithm else { return None };
        Some((key.common.key_id.clone()?, DecodingKey::from_jwk(&key).ok()?))
    });
    Ok(rsa.collect())
}

/// The account of a session token.
///
/// # Errors
/// [`ApiError::Unauthenticated`] when the token is not valid, or the account is unknown or deleted;
/// [`SUSPENDED`] when it is suspended; [`ApiError::Unavailable`] when the keys cannot be fetched.
pub async fn user(state: &AppState, token: &str) -> Result<UserId, ApiError> {
    let clerk_id = state.tokens.subject(token).await?;
    let mut sql = Sql::new(
        "SELECT u.id, u.deleted_at, u.suspended_at FROM clerk_accounts c JOIN users u ON u.id = c.user_id WHERE c.clerk_id = ",
    );
    sql.bind(clerk_id);
    let row = sql.one(state.db.read()).await?.ok_or(ApiError::Unauthenticated(
        "Your account is not known here yet. It will be once Clerk has told of it; try again in a moment.",
    ))?;
    if row.try_get_by_index::<Option<i64>>(1)?.is_some() {
        return Err(ApiError::Unauthenticated("Your account was deleted."));
    }
    if row.try_get_by_index::<Option<i64>>(2)?.is_some() {
        return Err(SUSPENDED);
    }
    Ok(UserId::new(row.try_get_by_index::<Uuid>(0)?))
}
