//! Figures of a store: the overview, and how contacts become customers.

pub mod conversion;
pub mod overview;
