//! Stripe webhooks: events are verified, stored, and applied in one transaction, many at once.

pub mod enrichment;
pub mod inbox;
mod projector;
pub mod service;
pub mod signature;
mod store_resolver;
