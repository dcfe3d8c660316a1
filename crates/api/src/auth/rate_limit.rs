//! Rate limits: requests per minute, for each credential and for each network of a client without a valid
//! one.
//!
//! A client may send any credential, so a credential has a budget of its own only after a request with it was
//! accepted. Until then, each request also counts against the network. Routes that take no credential always
//! count against the network.
//!
//! Responses carry `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10), refusals
//! also `Retry-After`. The counters are in memory, so several servers count independently.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use actix_web::{
    Error, ResponseError as _,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    middleware::{StateInformationMiddleware, StateSnapshot},
    state::keyed::DefaultKeyedStateStore,
};
use moka::sync::Cache;

use crate::{app_state::State, auth::identity, config::Config, error::ApiError, request_context};

/// The prefix of the requests that are counted.
const API: &str = "/api/v1/";
/// Webhooks are not limited, since the sending services set the pace; a request with a wrong signature counts
/// against the network.
const WEBHOOKS: &str = "/api/v1/webhooks/";
/// Prefixes of routes that need no credential, and of others beside them: an invented credential must not
/// lift their limit.
const WITHOUT_CREDENTIAL: [&str; 2] = ["/api/v1/auth/", "/api/v1/invitations/"];
/// How long a credential counts as valid after it was last accepted.
const ACCEPTED_FOR: Duration = Duration::from_secs(10 * 60);
/// The maximum number of valid credentials in memory.
const ACCEPTED: u64 = 100_000;
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");
/// The number of requests after which clients with a full budget are dropped from memory.
const TIDY_EVERY: u64 = 10_000;

type Keyed<K> = RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// The counters of the last minute.
#[derive(Debug)]
pub struct Limits {
    credentials: Option<Limit<Vec<u8>>>,
    networks: Option<Limit<IpAddr>>,
    accepted: Cache<Vec<u8>, ()>,
}

#[derive(Debug)]
struct Limit<K: std::hash::Hash + Eq + Clone> {
    name: &'static str,
    per_minute: NonZeroU32,
    limiter: Keyed<K>,
    checked: AtomicU64,
}

/// The state of a limit after a request.
#[derive(Clone, Copy, Debug)]
struct LimitState {
    name: &'static str,
    per_minute: u32,
    remaining: u32,
    /// Seconds until the full budget is available again.
    reset: u64,
    /// Seconds to wait, if the request is refused.
    retry_after: Option<u64>,
}

impl Limits {
    /// The limits of a configuration.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            credentials: Limit::new("credential", config.rate_limit),
            networks: Limit::new("address", config.rate_limit_address),
            accepted: Cache::builder().max_capacity(ACCEPTED).time_to_idle(ACCEPTED_FOR).build(),
        }
    }

    /// Counts a request against its network.
    fn count_network(&self) -> Option<LimitState> {
        let network = request_context::current().and_then(|context| context.network())?;
        Some(self.networks.as_ref()?.count(&network))
    }

    /// Counts a request before it is handled. Returns the limit to name in the response.
    ///
    /// # Errors
    /// The limit that was exceeded.
    fn count(&self, credential: Option<&[u8]>) -> Result<Option<LimitState>, LimitState> {
        let valid = credential.is_some_and(|key| self.accepted.contains_key(key));
        let network = if valid { None } else { self.count_network() };
        let network = network.map_or(Ok(None), LimitState::admitted)?;
        match (credential, &self.credentials) {
            (Some(key), Some(limit)) => limit.count(&key.to_vec()).admitted(),
            _ => Ok(network),
        }
    }

    /// Records whether the credential was accepted, from the status of the response.
    fn learn(&self, credential: Option<&[u8]>, status: StatusCode) {
        let Some(key) = credential else { return };
        if status == StatusCode::UNAUTHORIZED {
            self.accepted.invalidate(key);
        } else if status.is_success() {
            self.accepted.insert(key.to_vec(), ());
        }
    }
}

impl<K: std::hash::Hash + Eq + Clone> Limit<K> {
    fn new(name: &'static str, per_minute: u32) -> Option<Self> {
        let per_minute = NonZeroU32::new(per_minute)?;
        let limiter = RateLimiter::keyed(Quota::per_minute(per_minute)).with_middleware();
        Some(Self { name, per_minute, limiter, checked: AtomicU64::new(0) })
    }

    fn count(&self, key: &K) -> LimitState {
        if self.checked.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            self.limiter.retain_recent();
        }
        let per_minute = self.per_minute.get();
        let state = |remaining: u32, retry_after: Option<u64>| {
            let missing = u64::from(per_minute.saturating_sub(remaining));
            let reset = (missing * 60).div_ceil(u64::from(per_minute));
            LimitState { name: self.name, per_minute, remaining, reset, retry_after }
        };
        match self.limiter.check_key(key) {
            Ok(snapshot) => state(StateSnapshot::remaining_burst_capacity(&snapshot), None),
            Err(not_until) => {
                let wait = not_until.wait_time_from(self.limiter.clock().now());
                state(0, Some(seconds(wait)))
            }
        }
    }
}

fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

impl LimitState {
    /// # Errors
    /// Itself, if the limit was exceeded.
    fn admitted(self) -> Result<Option<Self>, Self> {
        if self.retry_after.is_some() { Err(self) } else { Ok(Some(self)) }
    }

    fn write(self, headers: &mut HeaderMap) {
        let Self { name, per_minute, remaining, reset, retry_after: _ } = self;
        let policy = HeaderValue::from_str(&format!("\"{name}\";q={per_minute};w=60"));
        let state = HeaderValue::from_str(&format!("\"{name}\";r={remaining};t={reset}"));
        // Numbers and a plain name always form a valid header value.
        if let (Ok(policy), Ok(state)) = (policy, state) {
            headers.insert(POLICY, policy);
            headers.insert(STATE, state);
        }
    }
}

/// The middleware that refuses requests beyond the limits.
///
/// # Errors
/// Passes on the error of the handler.
pub async fn limit<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let Some(state) = request.app_data::<State>().cloned().filter(|_| request.path().starts_with(API)) else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    if request.path().starts_with(WEBHOOKS) {
        return limit_webhooks(&state, request, next).await;
    }
    let takes_credential = !WITHOUT_CREDENTIAL.iter().any(|prefix| request.path().starts_with(prefix));
    let credential = takes_credential.then(|| identity::credential(request.request()).ok()).flatten();
    let credential = credential.map(|credential| credential.key());
    let limit = match state.limits.count(credential.as_deref()) {
        Ok(limit) => limit,
        Err(exceeded) => return Ok(refuse(request, exceeded)),
    };
    let response = next.call(request).await?;
    state.limits.learn(credential.as_deref(), response.status());
    let mut response = response.map_into_left_body();
    if let Some(limit) = limit {
        limit.write(response.headers_mut());
    }
    Ok(response)
}

/// Counts only requests with a missing or wrong signature.
async fn limit_webhooks<B: MessageBody + 'static>(
    state: &State,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let response = next.call(request).await?;
    if response.status() == StatusCode::UNAUTHORIZED
        && let Some(Err(exceeded)) = state.limits.count_network().map(LimitState::admitted)
    {
        let (request, _) = response.into_parts();
        return Ok(refuse(ServiceRequest::from_request(request), exceeded));
    }
    Ok(response.map_into_left_body())
}

fn refuse<B: MessageBody + 'static>(
    request: ServiceRequest,
    exceeded: LimitState,
) -> ServiceResponse<EitherBody<B>> {
    let error = ApiError::TooManyRequests(exceeded.retry_after.unwrap_or(1));
    let mut response = request.into_response(error.error_response()).map_into_right_body();
    exceeded.write(response.headers_mut());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_without_budget_waits_for_the_next_request() {
        let limit = Limit::new("address", 60).unwrap();
        let ava: IpAddr = "192.0.2.1".parse().unwrap();
        for i in 0..60 {
            let state = limit.count(&ava);
            assert_eq!(state.retry_after, None, "request {i}");
        }
        let state = limit.count(&ava);
        assert_eq!((state.remaining, state.retry_after, state.reset), (0, Some(1), 60));
        let bob: IpAddr = "192.0.2.2".parse().unwrap();
        assert_eq!(limit.count(&bob).remaining, 59, "others are not affected");
    }

    #[test]
    fn without_a_number_there_is_no_limit() {
        assert!(Limit::<IpAddr>::new("address", 0).is_none());
    }
}
