//! Authentication, authorisation and rate limits.

pub mod admin;
pub mod clerk;
pub mod credential_cache;
pub mod identity;
pub mod last_used;
pub mod rate_limit;
pub mod scope;
pub mod secret;
pub mod session_cookie;
pub mod throttle;
