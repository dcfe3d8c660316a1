//! Inviting people to a store. The secret of an invitation is shown once; whoever invites sends it.

pub mod handlers;
pub mod service;
