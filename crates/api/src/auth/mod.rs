//! Who asks, and what they may do.

pub mod admin;
pub mod authorize_first;
pub mod clerk;
pub mod credential_cache;
pub mod identity;
pub mod last_used;
pub mod scope;
pub mod secret;
pub mod throttle;
