//! Audit log: actor, action, time, origin, and state before and after. Entries are written in the transaction
//! of the change.

pub mod export;
pub mod handlers;
pub mod params;
pub mod queries;
