//! Tests of the whole application over HTTP, each on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod admin;
mod api_keys;
mod audit;
mod auth;
mod backfills;
mod clerk;
mod cli;
mod conversion;
mod crash;
mod custom_fields;
mod customer_stats;
mod customers;
mod facts;
mod fan_parameters;
mod fans;
mod fans_bulk;
mod idle;
mod imports;
mod international;
mod linking;
mod members;
mod model;
mod notes;
mod openapi;
mod overview;
mod rate_limits;
mod recount;
mod remembered;
mod requests;
mod set_up;
mod shutdown;
mod sign_up;
mod stale_plans;
mod stores;
mod stripe;
mod system;
mod tags;
mod tenancy;
mod timeline;
mod views;
mod visibility;
mod worth;
