//! Invitations to stores. The secret of an invitation is shown once, to the member who invites and who must
//! send it.

pub mod handlers;
pub mod service;
