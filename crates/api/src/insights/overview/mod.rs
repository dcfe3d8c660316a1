//! The audience of a store at a glance.

pub mod handlers;
pub mod service;
