//! Stores: the tenants.

pub mod queries;
pub mod service;
