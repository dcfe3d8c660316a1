//! Lifetime value of customers. The models are in `fanbase_domain::worth`.

pub mod handlers;
mod paying_customers;
mod report_store;
pub mod service;
mod subscriptions;
