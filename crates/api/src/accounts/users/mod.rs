//! Registered accounts.

pub mod account_graph;
pub mod clerk;
pub mod queries;
pub mod service;
pub mod writes;
