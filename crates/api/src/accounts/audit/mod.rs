//! Who did what, when, from where, before and after: written in the transaction of the change.

pub mod export;
pub mod handlers;
pub mod params;
pub mod queries;
