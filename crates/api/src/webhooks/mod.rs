//! Incoming webhooks: events are verified, stored, and applied in one transaction.

pub mod events;
pub mod handlers;
pub mod service;
pub mod signature;
pub mod stripe;
