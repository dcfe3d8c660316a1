//! Subscription churn.

use serde::{Deserialize, Serialize};

use super::{HORIZON_MONTHS, float};

/// The prior: one end in twenty months of subscription, which is 5 % a month. Observations are weighted
/// by months: after twenty observed months both weigh the same, and after hundreds the prior is
/// negligible.
const ASSUMED_MONTHS: f64 = 20.0;
const ASSUMED_ENDS: f64 = 1.0;

/// What was observed of a store's subscriptions, all together, over the last twelve months.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Churn {
    /// How many ended.
    #[cfg_attr(feature = "openapi", schema(example = 14))]
    pub ended: u64,
    /// How many months they ran, added up.
    #[cfg_attr(feature = "openapi", schema(example = 310.5))]
    pub months: f64,
}

impl Churn {
    /// The monthly churn probability.
    #[must_use]
    pub fn monthly(&self) -> f64 {
        let rate = (float(self.ended) + ASSUMED_ENDS) / (self.months.max(0.0) + ASSUMED_MONTHS);
        // Converts a rate per month, which allows several ends, to a probability.
        1.0 - (-rate).exp()
    }

    /// The expected payments within the horizon, undiscounted, for subscriptions with this total
    /// monthly price: the price of each month times the probability that they still run then. Without a
    /// horizon it would be the price divided by the churn, less the month already paid.
    #[must_use]
    pub fn rest(&self, monthly_price: f64) -> f64 {
        let stays = 1.0 - self.monthly();
        let months: f64 = (1..=HORIZON_MONTHS).map(|month| stays.powf(f64::from(month))).sum();
        monthly_price * months
    }
}
