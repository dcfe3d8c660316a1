//! Events of Stripe: checked, kept, and applied in one transaction.

mod apply;
pub mod service;
pub mod signature;
mod stores;
