//! Tags of customers.

pub mod handlers;
pub mod queries;
pub mod service;
