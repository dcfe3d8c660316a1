//! Customer lifetime value (CLV): past net revenue, and the expected net revenue of the next year.
//!
//! Subscriptions and purchases are modelled separately. Subscriptions are contractual: their residual
//! value is the monthly price times the expected remaining months ([`Churn`]). Purchases are
//! non-contractual: BG/NBD estimates their frequency ([`Rhythm`]) and Gamma-Gamma the amount
//! ([`Spend`]), both fitted to the store. `docs/LIFETIME-VALUE.md` has the formulas, their assumptions
//! and their sources.
//!
//! Everything is a pure function of the payments and the time: the same data gives the same numbers, to
//! the last bit. With too little data there is no estimate.

mod churn;
mod model;
mod rhythm;
mod simplex;
mod special;
mod spend;
mod survey;

pub use self::{
    churn::Churn,
    model::{Forecast, Model, NotEnough},
    rhythm::{History, Rhythm},
    spend::{Basket, Spend},
    survey::{Group, Month, Payer, Receipt, Survey, Surveyed},
};

use crate::time::{DAY, MONTH, Timestamp};

/// The prediction horizon in months.
pub const HORIZON_MONTHS: u32 = 12;

/// The horizon in weeks.
fn horizon_weeks() -> f64 {
    f64::from(HORIZON_MONTHS) * weeks(MONTH)
}

/// A duration in weeks.
#[expect(clippy::cast_precision_loss, reason = "lengths of centuries have far fewer digits than a float")]
fn weeks(millis: i64) -> f64 {
    millis as f64 / (7 * DAY) as f64
}

/// Days since 1970, in UTC.
const fn day_of(at: Timestamp) -> i64 {
    at.millis().div_euclid(DAY)
}

/// Rounds to minor units; amounts beyond `i64` saturate.
#[expect(clippy::cast_possible_truncation, reason = "a cast from float saturates")]
#[must_use]
pub fn minor_units(amount: f64) -> i64 {
    amount.round() as i64
}

/// A count as a float.
#[expect(clippy::cast_precision_loss, reason = "estimates need no more digits than a float has")]
fn float(n: u64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests;
