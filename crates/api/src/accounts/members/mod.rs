//! Who may do what in a store.

pub mod handlers;
pub mod queries;
pub mod service;
