//! Platform administration: all registered accounts, and statistics.

pub mod changes;
pub mod cursor;
pub mod handlers;
pub mod list;
pub mod params;
pub mod stats;
