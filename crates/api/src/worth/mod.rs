//! What customers are worth. The rules are in `fanbase_domain::worth`.

pub mod handlers;
mod kept;
mod payers;
pub mod service;
mod subscriptions;
