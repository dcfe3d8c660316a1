//! The Fanbase server: an audience CRM over a JSON API.
//!
//! A folder per area, in it one per resource, each with `handlers` (HTTP in, HTTP out), `service` (owns
//! the transaction) and `queries` (SQL). Imports between areas point down only; the test
//! `floors` keeps the order. [`startup::Application`] is what runs, in production and in tests alike.

/// Used for Rust and SQLite: with glibc's allocator, allocation takes a third of the time of an import.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod accounts;
pub mod app_state;
pub mod audience;
pub mod auth;
pub mod cli;
pub mod client_network;
pub mod clock;
pub mod config;
pub mod db;
pub mod error;
pub mod http;
pub mod imports;
pub mod insights;
pub mod jobs;
pub mod openapi;
pub mod request_context;
pub mod routes;
pub mod sales;
pub mod sample;
pub mod secrets;
pub mod startup;
pub mod system;
pub mod telemetry;
pub mod tls;
pub mod web_app;
pub mod webhooks;

#[cfg(test)]
mod floors;
