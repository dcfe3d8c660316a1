//! New accounts: by sign-up, and the first account of a new server.

pub mod handlers;
pub mod service;
pub mod set_up;
