//! Courses, products and plans, and everything that customers enrol in, buy and subscribe to.

pub mod backfills;
pub mod catalogue;
pub mod enrollments;
pub mod facts;
pub mod lifetime_value;
pub mod purchases;
pub mod subscriptions;
