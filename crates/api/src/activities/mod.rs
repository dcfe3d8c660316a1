//! The timeline of a customer.

pub mod queries;
