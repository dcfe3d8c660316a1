//! Events that other services send: checked, kept, and applied in one transaction.

pub mod events;
pub mod handlers;
pub mod service;
pub mod signature;
pub mod stripe;
