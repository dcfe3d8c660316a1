//! Saved views of the list of fans, shared by the members of a store.

pub mod handlers;
pub mod service;
