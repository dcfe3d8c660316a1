//! What admins of the platform see and do: all registered accounts, and the platform in numbers.

pub mod changes;
pub mod cursor;
pub mod handlers;
pub mod list;
pub mod params;
pub mod stats;
