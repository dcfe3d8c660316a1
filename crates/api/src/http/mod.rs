//! What all handlers share: state, bodies, answers, versions, idempotency, problem responses.

pub mod addresses;
pub mod answer;
pub mod body;
pub mod client_network;
pub mod context;
pub mod following;
pub mod idempotency;
pub mod outgoing;
pub mod parameters;
pub mod problem_page;
pub mod problems;
pub mod rate_limit;
pub mod response_headers;
pub mod state;
pub mod streams;
pub mod version;
