//! The Fanbase server: an audience CRM over a JSON API.
//!
//! A folder per resource, each with `handlers` (HTTP in, HTTP out), `service` (owns the
//! transaction) and `queries` (SQL). [`startup::Application`] is what runs, in production
//! and in tests alike.

/// Serves the server and SQLite alike; glibc's allocator takes a third of an import.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod activities;
pub mod admin;
pub mod api_keys;
pub mod audit;
pub mod auth;
pub mod backfills;
pub mod catalogue;
pub mod cli;
pub mod clock;
pub mod config;
pub mod conversion;
pub mod custom_fields;
pub mod customers;
pub mod db;
pub mod enrollments;
pub mod error;
pub mod facts;
pub mod fans;
pub mod http;
pub mod imports;
pub mod invitations;
pub mod jobs;
pub mod members;
pub mod notes;
pub mod openapi;
pub mod overview;
pub mod privacy;
pub mod purchases;
pub mod routes;
pub mod sample;
pub mod startup;
pub mod stores;
pub mod subscriptions;
pub mod system;
pub mod tags;
pub mod telemetry;
pub mod tls;
pub mod users;
pub mod views;
pub mod web_app;
pub mod webhooks;
pub mod worth;
