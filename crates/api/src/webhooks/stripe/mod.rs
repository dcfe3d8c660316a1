//! Events of Stripe: checked, kept, and applied in one transaction, many at once.

mod apply;
pub mod asking;
pub mod queue;
pub mod service;
pub mod signature;
mod stores;
