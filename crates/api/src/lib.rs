//! The Fanbase server: an audience CRM over a JSON API.
//!
//! A folder per resource, each with `handlers` (HTTP in, HTTP out), `service` (owns the
//! transaction) and `queries` (SQL). [`startup::Application`] is what runs, in production
//! and in tests alike.

pub mod activities;
pub mod api_keys;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod customers;
pub mod db;
pub mod error;
pub mod fans;
pub mod imports;
pub mod openapi;
pub mod sample;
pub mod startup;
pub mod stores;
pub mod tags;
pub mod telemetry;
pub mod users;
