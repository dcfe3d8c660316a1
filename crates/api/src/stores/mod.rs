//! Stores: the tenants.

pub mod handlers;
pub mod queries;
pub mod service;
