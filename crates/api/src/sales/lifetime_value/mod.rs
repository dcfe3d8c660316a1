//! What customers are worth. The rules are in `fanbase_domain::worth`.

pub mod handlers;
mod paying_customers;
mod report_store;
pub mod service;
mod subscriptions;
