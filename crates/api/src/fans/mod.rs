//! Fans: everyone a store knows, once.

pub mod conditions;
pub mod counts;
pub mod export;
pub mod list;
pub mod plan;
pub mod service;
