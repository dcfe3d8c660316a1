//! Keys of third-party tools.

pub mod service;
