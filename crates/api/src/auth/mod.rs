//! Who asks, and what they may do.

pub mod access;
pub mod admin;
pub mod clerk;
pub mod first;
pub mod handlers;
pub mod identity;
pub mod last_used;
pub mod password;
pub mod scope;
pub mod secret;
pub mod session;
pub mod set_up;
pub mod sign_up;
pub mod throttle;
