//! What is known of the request that is being handled: its id, where it came from and who acts.
//!
//! Kept beside the task, like the id for error documents, so that whatever writes the audit log
//! knows it without every function on the way handing it on.

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

/// Who does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person who is signed in.
    User(UserId),
    /// A third-party tool.
    ApiKey(ApiKeyId),
    /// A service that reports what happened there.
    Webhook,
}

impl Actor {
    /// The person, if it is one.
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

/// The request that is being handled.
#[derive(Debug)]
pub struct Context {
    /// Names it in the log.
    pub request_id: String,
    /// Where it came from.
    pub address: Option<IpAddr>,
    actor: OnceLock<Actor>,
}

impl Context {
    /// A request of which is not known yet who sent it.
    #[must_use]
    pub fn new(request_id: String, address: Option<IpAddr>) -> Arc<Self> {
        Arc::new(Self { request_id, address, actor: OnceLock::new() })
    }

    /// The network that limits count the client as.
    #[must_use]
    pub fn network(&self) -> Option<IpAddr> {
        self.address.map(client_network::of)
    }

    /// Who acts, once that is known.
    #[must_use]
    pub fn actor(&self) -> Option<Actor> {
        self.actor.get().copied()
    }
}

/// Runs what handles a request.
pub async fn within<T>(context: Arc<Context>, handling: impl Future<Output = T>) -> T {
    CURRENT.scope(context, handling).await
}

/// Does something at once on behalf of a request that is handled elsewhere, if there is one.
pub fn within_sync<T>(context: Option<Arc<Context>>, work: impl FnOnce() -> T) -> T {
    match context {
        Some(context) => CURRENT.sync_scope(context, work),
        None => work(),
    }
}

/// The request that is being handled; none on the command line and in jobs.
#[must_use]
pub fn current() -> Option<Arc<Context>> {
    CURRENT.try_with(Arc::clone).ok()
}

/// Says who acts.
pub fn acts(actor: Actor) {
    // Only the first counts: nobody becomes somebody else in the middle of a request.
    let _ = CURRENT.try_with(|context| context.actor.set(actor));
}

/// The id of the request that is being handled; empty outside of one.
#[must_use]
pub fn request_id() -> String {
    current().map(|context| context.request_id.clone()).unwrap_or_default()
}

/// Where a request came from: its peer, or what the proxy before us says in `header`. Of a list,
/// the last entry counts, which our own proxy has added; the others anybody can write.
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
