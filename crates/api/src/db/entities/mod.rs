//! One file per table. Times are UTC milliseconds, kinds are the texts of the domain.

pub mod activities;
pub mod api_keys;
pub mod audit_log;
pub mod courses;
pub mod custom_fields;
pub mod customer_tags;
pub mod customers;
pub mod enrollments;
pub mod idempotency_keys;
pub mod import_changes;
pub mod import_problems;
pub mod imports;
pub mod invitations;
pub mod notes;
pub mod payments;
pub mod plans;
pub mod products;
pub mod purchases;
pub mod refunds;
pub mod saved_views;
pub mod sessions;
pub mod store_members;
pub mod stores;
pub mod subscriptions;
pub mod tags;
pub mod users;
