//! The audience of a store at a glance.

pub mod handlers;
mod periods;
pub mod service;
