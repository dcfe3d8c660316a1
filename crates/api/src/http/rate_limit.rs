//! How many requests a minute somebody may send: per credential, and per address for those
//! without one. Who sends a wrong credential is counted by address as well.
//!
//! Answers carry `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10),
//! refusals also `Retry-After`. Kept in memory: several servers count each for itself.

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

use super::{context, state::State};
use crate::{
    auth::identity::{self, Credential},
    config::Config,
    error::ApiError,
};

/// What is counted is a request to the API.
const API: &str = "/api/v1/";
/// Services send as they must; who signs wrongly is counted by address.
const WEBHOOKS: &str = "/api/v1/webhooks/";
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");
/// After so many requests, who has been quiet for long is forgotten.
const TIDY_EVERY: u64 = 10_000;

type Keyed<K> = RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// The requests of the last minute.
#[derive(Debug)]
pub struct Limits {
    credentials: Option<Limit<Vec<u8>>>,
    addresses: Option<Limit<IpAddr>>,
}

#[derive(Debug)]
struct Limit<K: std::hash::Hash + Eq + Clone> {
    name: &'static str,
    per_minute: NonZeroU32,
    limiter: Keyed<K>,
    checked: AtomicU64,
}

/// What a client is told of its limit.
#[derive(Clone, Copy, Debug)]
struct Told {
    name: &'static str,
    per_minute: u32,
    remaining: u32,
    /// Seconds until all of it is there again.
    reset: u64,
    /// Seconds to wait, for who is refused.
    retry_after: Option<u64>,
}

impl Limits {
    /// The limits of a configuration.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            credentials: Limit::new("credential", config.rate_limit),
            addresses: Limit::new("address", config.rate_limit_address),
        }
    }

    fn of_address(&self, address: Option<IpAddr>) -> Option<Told> {
        Some(self.addresses.as_ref()?.count(&address?))
    }

    fn of_credential(&self, credential: &Credential) -> Option<Told> {
        Some(self.credentials.as_ref()?.count(&credential.key()))
    }
}

impl<K: std::hash::Hash + Eq + Clone> Limit<K> {
    fn new(name: &'static str, per_minute: u32) -> Option<Self> {
        let per_minute = NonZeroU32::new(per_minute)?;
        let limiter = RateLimiter::keyed(Quota::per_minute(per_minute)).with_middleware();
        Some(Self { name, per_minute, limiter, checked: AtomicU64::new(0) })
    }

    fn count(&self, key: &K) -> Told {
        if self.checked.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            self.limiter.retain_recent();
        }
        let per_minute = self.per_minute.get();
        let told = |remaining: u32, retry_after: Option<u64>| {
            let missing = u64::from(per_minute.saturating_sub(remaining));
            let reset = (missing * 60).div_ceil(u64::from(per_minute));
            Told { name: self.name, per_minute, remaining, reset, retry_after }
        };
        match self.limiter.check_key(key) {
            Ok(state) => told(StateSnapshot::remaining_burst_capacity(&state), None),
            Err(not_until) => {
                let wait = not_until.wait_time_from(self.limiter.clock().now());
                told(0, Some(seconds(wait)))
            }
        }
    }
}

fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

impl Told {
    fn write(self, headers: &mut HeaderMap) {
        let Self { name, per_minute, remaining, reset, retry_after: _ } = self;
        let policy = HeaderValue::from_str(&format!("\"{name}\";q={per_minute};w=60"));
        let state = HeaderValue::from_str(&format!("\"{name}\";r={remaining};t={reset}"));
        // Numbers and a plain name are always a header.
        if let (Ok(policy), Ok(state)) = (policy, state) {
            headers.insert(POLICY, policy);
            headers.insert(STATE, state);
        }
    }
}

/// Refuses who sends too much.
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
    let address = context::current().and_then(|context| context.address);
    let credential = identity::credential(request.request()).ok();
    let told = match &credential {
        Some(credential) => state.limits.of_credential(credential),
        None if request.path().starts_with(WEBHOOKS) => None,
        None => state.limits.of_address(address),
    };
    if let Some(told) = told.filter(|told| told.retry_after.is_some()) {
        return Ok(refuse(request, told));
    }
    let counted_by_address = told.is_some() && credential.is_none();
    let response = next.call(request).await?;
    if response.status() == StatusCode::UNAUTHORIZED && !counted_by_address {
        let wrong = state.limits.of_address(address);
        if let Some(told) = wrong.filter(|told| told.retry_after.is_some()) {
            let (request, _) = response.into_parts();
            return Ok(refuse(ServiceRequest::from_request(request), told));
        }
    }
    let mut response = response.map_into_left_body();
    if let Some(told) = told {
        told.write(response.headers_mut());
    }
    Ok(response)
}

fn refuse<B: MessageBody + 'static>(request: ServiceRequest, told: Told) -> ServiceResponse<EitherBody<B>> {
    let error = ApiError::TooManyRequests(told.retry_after.unwrap_or(1));
    let mut response = request.into_response(error.error_response()).map_into_right_body();
    told.write(response.headers_mut());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_used_everything_up_waits_for_the_next_request_to_be_there() {
        let limit = Limit::new("address", 60).unwrap();
        let ava: IpAddr = "192.0.2.1".parse().unwrap();
        for i in 0..60 {
            let told = limit.count(&ava);
            assert_eq!(told.retry_after, None, "request {i}");
        }
        let told = limit.count(&ava);
        assert_eq!((told.remaining, told.retry_after, told.reset), (0, Some(1), 60));
        let bob: IpAddr = "192.0.2.2".parse().unwrap();
        assert_eq!(limit.count(&bob).remaining, 59, "others are not affected");
    }

    #[test]
    fn without_a_number_there_is_no_limit() {
        assert!(Limit::<IpAddr>::new("address", 0).is_none());
    }
}
