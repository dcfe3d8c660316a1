//! The context of the current request: its id, the client's IP address and the actor.
//!
//! It is task-local, so that the audit log can read it without passing it through every function.

use fanbase_domain::ids::{ApiKeyId, UserId};
use std::{
    net::IpAddr,
    sync::{Arc, OnceLock},
};

use actix_web::{
    HttpRequest,
    http::header::{HeaderMap, HeaderName},
};
use tokio::task_local;

use crate::client_network;

/// The actor of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in user.
    User(UserId),
    /// A third-party tool with an API key.
    ApiKey(ApiKeyId),
    /// A service that delivers events.
    Webhook,
}

impl Actor {
    /// The user, if the actor is one.
    #[must_use]
    pub fn user_id(self) -> Option<UserId> {
        match self {
            Self::User(id) => Some(id),
            Self::ApiKey(_) | Self::Webhook => None,
        }
    }
}

task_local! {
    static CURRENT: Arc<Context>;
}

/// The context of a request.
#[derive(Debug)]
pub struct Context {
    /// The id of the request in the log.
    pub request_id: String,
    /// The IP address of the client.
    pub address: Option<IpAddr>,
    actor: OnceLock<Actor>,
}

impl Context {
    /// A context whose actor is not known yet.
    #[must_use]
    pub fn new(request_id: String, address: Option<IpAddr>) -> Arc<Self> {
        Arc::new(Self { request_id, address, actor: OnceLock::new() })
    }

    /// The network by which the client is rate-limited.
    #[must_use]
    pub fn network(&self) -> Option<IpAddr> {
        self.address.map(client_network::of)
    }

    /// The actor, once it is known.
    #[must_use]
    pub fn actor(&self) -> Option<Actor> {
        self.actor.get().copied()
    }
}

/// Runs the handling of a request in its context.
pub async fn within<T>(context: Arc<Context>, handling: impl Future<Output = T>) -> T {
    CURRENT.scope(context, handling).await
}

/// Runs synchronous work in the context of a request, if there is one.
pub fn within_sync<T>(context: Option<Arc<Context>>, work: impl FnOnce() -> T) -> T {
    match context {
        Some(context) => CURRENT.sync_scope(context, work),
        None => work(),
    }
}

/// The current context; `None` on the command line and in jobs.
#[must_use]
pub fn current() -> Option<Arc<Context>> {
    CURRENT.try_with(Arc::clone).ok()
}

/// Sets the actor of the current request.
pub fn acts(actor: Actor) {
    // Only the first call counts: the actor of a request never changes.
    let _ = CURRENT.try_with(|context| context.actor.set(actor));
}

/// The id of the current request; empty outside of requests.
#[must_use]
pub fn request_id() -> String {
    current().map(|context| context.request_id.clone()).unwrap_or_default()
}

/// The IP address of the client: of the peer, or from the proxy's `header`. In a list, the last entry
/// counts, because our own proxy added it; clients can forge the others.
#[must_use]
pub fn address_of(request: &HttpRequest, header: Option<&HeaderName>) -> Option<IpAddr> {
    match header {
        Some(header) => forwarded(request.headers(), header),
        None => request.peer_addr().map(|address| address.ip()),
    }
}

fn forwarded(headers: &HeaderMap, header: &HeaderName) -> Option<IpAddr> {
    let last = headers.get_all(header).last()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_entry_that_the_proxy_added_counts() {
        let header = HeaderName::from_static("x-forwarded-for");
        let check = |values: &[&str], expected: Option<&str>| {
            let peer = "127.0.0.1:1".parse().unwrap();
            let request = values.iter().fold(TestRequest::default().peer_addr(peer), |request, value| {
                request.append_header(("x-forwarded-for", *value))
            });
            let address = address_of(&request.to_http_request(), Some(&header));
            assert_eq!(address, expected.map(|address| address.parse().unwrap()), "{values:?}");
        };
        check(&["192.0.2.1"], Some("192.0.2.1"));
        check(&["10.0.0.1, 192.0.2.1"], Some("192.0.2.1"));
        check(&["10.0.0.1", "2001:db8::1"], Some("2001:db8::1"));
        check(&["unknown"], None);
        check(&[], None);
    }
}
