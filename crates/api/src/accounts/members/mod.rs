//! Members of stores and their roles.

pub mod handlers;
pub mod queries;
pub mod service;
