//! What all handlers share: state, bodies, answers, versions, idempotency, problem responses.

pub mod body;
pub mod client;
pub mod client_network;
pub mod idempotency;
pub mod parameters;
pub mod problem_page;
pub mod problems;
pub mod rate_limit;
pub mod response_headers;
pub mod route_table;
pub mod sse;
pub mod stored_response;
pub mod streams;
pub mod version;
