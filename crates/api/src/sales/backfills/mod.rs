//! Backfills: customers for enrolments and subscriptions that have none, because somebody else wrote
//! their rows. `docs/BACKFILL.md` says how rows are written.

pub mod batch;
pub mod handlers;
pub mod queries;
pub mod service;
pub mod stored;
pub mod unassigned;
pub mod worker;
