//! What customers are worth: what the store kept of their payments, and what it may expect of them
//! within a year.
//!
//! Two kinds of money are told apart. Subscriptions go on until somebody ends them: their rest is
//! the monthly price times how long subscriptions of the store last ([`Churn`]). Whoever buys does
//! so again or does not, and does not say: how often is estimated by BG/NBD ([`Rhythm`]), for how
//! much by Gamma-Gamma ([`Spend`]), both fitted to the store. `docs/LIFETIME-VALUE.md` has the
//! formulas, what they assume, and where they come from.
//!
//! Everything is a function of the payments and of the moment: the same data gives the same
//! numbers, to the last bit. Where there is too little of it, there is no number.

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

/// How far predictions reach, in months.
pub const HORIZON_MONTHS: u32 = 12;

/// The horizon in weeks.
fn horizon_weeks() -> f64 {
    f64::from(HORIZON_MONTHS) * weeks(MONTH)
}

/// A length in weeks.
#[expect(clippy::cast_precision_loss, reason = "lengths of centuries have far fewer digits than a float")]
fn weeks(millis: i64) -> f64 {
    millis as f64 / (7 * DAY) as f64
}

/// Days since 1970, in UTC.
const fn day_of(at: Timestamp) -> i64 {
    at.millis().div_euclid(DAY)
}

/// The nearest number of minor units; amounts beyond what a database holds are the largest it does.
#[expect(clippy::cast_possible_truncation, reason = "a cast from float saturates")]
#[must_use]
pub fn minor_units(amount: f64) -> i64 {
    amount.round() as i64
}

/// A number of things.
#[expect(clippy::cast_precision_loss, reason = "estimates need no more digits than a float has")]
fn float(n: u64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests;
