//! Keys of third-party tools.

pub mod handlers;
pub mod service;
