//! Subscriptions, as platforms report them.

pub mod handlers;
pub mod service;
