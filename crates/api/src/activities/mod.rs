//! The timeline of a customer.

pub mod handlers;
pub mod queries;
