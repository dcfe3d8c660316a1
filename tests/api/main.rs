//! Tests of the whole application over HTTP, each on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod api_keys;
mod audit;
mod auth;
mod clerk;
mod cli;
mod crash;
mod custom_fields;
mod customers;
mod fan_parameters;
mod fans;
mod fans_bulk;
mod imports;
mod international;
mod linking;
mod members;
mod model;
mod notes;
mod openapi;
mod overview;
mod recount;
mod requests;
mod set_up;
mod shutdown;
mod stale_plans;
mod stores;
mod system;
mod tags;
mod tenancy;
mod views;
mod visibility;
