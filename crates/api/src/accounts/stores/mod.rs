//! Stores: the tenants.

pub mod creators;
pub mod handlers;
pub mod queries;
pub mod service;
