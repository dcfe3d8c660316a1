//! Facts as they are stored: joining reports with what is known, and making customers what their
//! facts say. The rules are in `fanbase_domain::facts`.

pub mod enrollments;
pub mod ledger;
pub mod locks;
pub mod owners;
pub mod paying;
pub mod payments;
mod people;
pub mod purchases;
mod shelf;
mod stripe_customers;
pub mod subscriptions;
mod timeline;
