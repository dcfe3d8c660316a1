//! Measurements on this machine: the release binary as users run it, next to a floor.

pub mod fans;
pub mod import;
mod process;
mod table;
