//! Who did what, when, from where, before and after: written in the transaction of the change.

pub mod entry;
pub mod export;
pub mod handlers;
pub mod params;
pub mod queries;

pub use entry::Entry;
