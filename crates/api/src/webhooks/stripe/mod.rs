//! Events of Stripe: checked, kept, and applied in one transaction, many at once.

pub mod enrichment;
pub mod inbox;
mod projector;
pub mod service;
pub mod signature;
mod store_resolver;
