//! The timeline of a customer.

pub mod handlers;
pub mod params;
pub mod queries;
pub mod service;
