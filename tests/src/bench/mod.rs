//! Measurements on this machine: the release binary as users run it, next to a floor.

pub mod accounts;
pub mod backfill;
mod busy;
pub mod customers;
pub mod fans;
mod http;
pub mod import;
mod linked;
mod process;
mod table;
pub mod webhooks;
