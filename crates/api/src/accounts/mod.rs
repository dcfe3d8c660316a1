//! Accounts and stores: sign-up, sessions, members, API keys, the audit log, and the platform's admins.

pub mod admin;
pub mod api_keys;
pub mod audit;
pub mod invitations;
pub mod members;
pub mod sessions;
pub mod sign_up;
pub mod stores;
pub mod users;
