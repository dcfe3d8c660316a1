//! API keys of third-party tools.

pub mod handlers;
pub mod service;
