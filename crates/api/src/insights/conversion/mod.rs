//! From contact to account to purchase.

pub mod handlers;
pub mod service;
