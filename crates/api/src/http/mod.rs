//! HTTP infrastructure of all handlers: authorisation order, bodies, parameters, stored responses, `ETag`s,
//! idempotency, server-sent events.

pub mod authorize_first;
pub mod body;
pub mod client;
pub mod idempotency;
pub mod parameters;
pub mod period_params;
pub mod problems;
pub mod response_headers;
pub mod route_table;
pub mod sse;
pub mod stored_response;
pub mod streams;
pub mod version;
