//! How long subscriptions last.

use serde::{Deserialize, Serialize};

use super::{HORIZON_MONTHS, float};

/// What is assumed of a store before anything is known of it: one end in twenty months of
/// subscription, which is 5 % a month. What is observed counts beside it, month by month, so that
/// after twenty months of subscriptions both weigh the same, and after hundreds it is forgotten.
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
    /// How likely a subscription is to end within a month.
    #[must_use]
    pub fn monthly(&self) -> f64 {
        let rate = (float(self.ended) + ASSUMED_ENDS) / (self.months.max(0.0) + ASSUMED_MONTHS);
        // From ends per month, of which there may be several, to a probability.
        1.0 - (-rate).exp()
    }

    /// What is going to be paid within the horizon, undiscounted, for subscriptions that cost so much
    /// a month: the price of each month, times how likely it is that they still run then. With no
    /// horizon it would be the price by the churn, less the month that is paid for.
    #[must_use]
    pub fn rest(&self, monthly_price: f64) -> f64 {
        let stays = 1.0 - self.monthly();
        let months: f64 = (1..=HORIZON_MONTHS).map(|month| stays.powf(f64::from(month))).sum();
        monthly_price * months
    }
}
