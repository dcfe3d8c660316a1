//! What all handlers share: state, bodies, versions, idempotency, problem responses.

pub mod body;
pub mod idempotency;
pub mod problem_page;
pub mod problems;
pub mod state;
pub mod version;
