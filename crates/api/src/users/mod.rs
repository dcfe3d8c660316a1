//! Registered accounts.

pub mod clerk;
pub mod links;
pub mod queries;
pub mod rows;
pub mod service;
pub mod surroundings;
pub mod writes;
