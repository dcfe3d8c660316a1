//! Measurements on this machine: the release binary as users run it, next to a floor.

pub mod accounts;
mod busy;
pub mod fans;
mod http;
pub mod import;
mod linked;
mod process;
mod table;
