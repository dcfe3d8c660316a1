//! Registered accounts.

pub mod links;
pub mod queries;
pub mod rows;
pub mod service;
