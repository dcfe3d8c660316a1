//! Fact store: merges reports with the stored facts, and derives the state of customers from them. The rules
//! are in `fanbase_domain::facts`.

pub mod enrollments;
mod fact_set;
pub mod fact_writer;
pub mod locks;
pub mod owners;
pub mod payment_reports;
pub mod payments;
mod people;
pub mod purchases;
mod stripe_customers;
pub mod subscriptions;
mod timeline;
