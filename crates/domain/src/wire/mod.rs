//! What goes over the wire: request and response structs, one file per resource.

pub mod activities;
pub mod admin;
pub mod api_keys;
pub mod audit;
pub mod auth;
pub mod backfills;
pub mod bulk;
pub mod catalogue;
pub mod conversion;
pub mod custom_fields;
pub mod customers;
pub mod enrollments;
pub mod facts;
pub mod fans;
pub mod imports;
pub mod members;
pub mod notes;
pub mod overview;
pub mod page;
pub mod patch;
pub mod purchases;
pub mod stores;
pub mod subscriptions;
pub mod tags;
pub mod views;
pub mod webhooks;
