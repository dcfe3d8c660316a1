//! Tags of customers.

pub mod queries;
