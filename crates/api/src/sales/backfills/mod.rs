//! Backfills: assign customers to enrolments and subscriptions whose rows were written directly to the
//! database. `docs/BACKFILL.md` specifies how to write such rows.

pub mod batch;
pub mod handlers;
pub mod queries;
pub mod service;
pub mod stored;
pub mod unassigned;
pub mod worker;
