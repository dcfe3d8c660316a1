//! Purchases, their payments and refunds, as platforms report them.

pub mod handlers;
pub mod service;
