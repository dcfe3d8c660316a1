//! `/api/v1/stores/{store_id}/customers/stats`

use serde::{Deserialize, Serialize};

use crate::{money::Currency, time::Timestamp};

/// The customers of a store in numbers. Money is in minor units of the store's currency, and null for
/// who does not see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CustomerStatsResponse {
    /// What the amounts are in.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "USD"))]
    pub currency: Currency,
    /// All customers.
    #[cfg_attr(feature = "openapi", schema(example = 47344))]
    pub customers: u64,
    /// Those who spent something.
    #[cfg_attr(feature = "openapi", schema(example = 1284))]
    pub spenders: u64,
    /// What all of them spent: paid minus refunded, and what imports say of the time before.
    #[cfg_attr(feature = "openapi", schema(example = 21_904_300))]
    pub revenue: Option<i64>,
    /// What each of those who spent something spent on average; null while there are none.
    #[cfg_attr(feature = "openapi", schema(example = 17_060))]
    pub average_value: Option<i64>,
    /// Subscriptions that run, trials and late payments included.
    #[cfg_attr(feature = "openapi", schema(example = 242))]
    pub active_subscriptions: u64,
    /// What they bring a month, a year's price as twelve parts, a trial as what it will cost.
    #[cfg_attr(feature = "openapi", schema(example = 459_800))]
    pub monthly_recurring_revenue: Option<i64>,
    /// Revenue and recurring revenue in other currencies, which are never added up.
    pub other_currencies: Vec<CurrencyStatsResponse>,
    /// How it came to that: the last twelve periods, oldest first.
    pub over_time: Vec<PeriodStatsResponse>,
}

/// What came in, in a currency other than the store's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CurrencyStatsResponse {
    /// The currency.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "EUR"))]
    pub currency: Currency,
    /// Paid minus refunded.
    #[cfg_attr(feature = "openapi", schema(example = 129_900))]
    pub revenue: i64,
    /// What running subscriptions bring a month.
    #[cfg_attr(feature = "openapi", schema(example = 1_900))]
    pub monthly_recurring_revenue: i64,
}

/// What a period brought, and how things stood at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PeriodStatsResponse {
    /// When the period starts: midnight at the offset that was asked for.
    pub starts_at: Timestamp,
    /// Of today's customers, those who became known in it.
    #[cfg_attr(feature = "openapi", schema(example = 1204))]
    pub new_customers: u64,
    /// Of today's customers, those who were known at its end.
    #[cfg_attr(feature = "openapi", schema(example = 47344))]
    pub customers: u64,
    /// Payments made in it, minus what of them was ever refunded.
    #[cfg_attr(feature = "openapi", schema(example = 1_204_500))]
    pub revenue: Option<i64>,
    /// Subscriptions that ran at its end.
    #[cfg_attr(feature = "openapi", schema(example = 242))]
    pub active_subscriptions: u64,
    /// What they brought a month, at today's terms.
    #[cfg_attr(feature = "openapi", schema(example = 459_800))]
    pub monthly_recurring_revenue: Option<i64>,
}
