//! `/api/v1/stores/{store_id}/overview`, and counting anew

use fanbase_domain::{
    ids::StoreId,
    wire::{conversion::CohortResponse, fans::RecountResponse, overview::OverviewResponse},
};
use serde::Deserialize;

use super::{ApiError, http};

/// The audience at a glance, by month at the reader's distance from Greenwich in minutes.
pub(crate) async fn get_overview(store: StoreId, offset: i32) -> Result<OverviewResponse, ApiError> {
    http::get(format!("/stores/{store}/overview?period=month&time_zone_offset={offset}")).await
}

/// What the page shows of the API's `ConversionResponse`: the numbers, of which the rates are shares.
#[derive(Deserialize)]
pub(crate) struct Conversion {
    /// Customers of the store, whatever their type.
    pub customers: u64,
    /// Of them, those who have an account.
    pub with_account: u64,
    /// Of those with an account, those who bought or subscribe.
    pub bought: u64,
    /// Accounts that the store sees, customers or not.
    pub accounts: u64,
    /// The same by when they became known, oldest first.
    pub cohorts: Vec<CohortResponse>,
}

/// From contact to account to purchase, by the same months.
pub(crate) async fn get_conversion(store: StoreId, offset: i32) -> Result<Conversion, ApiError> {
    http::get(format!("/stores/{store}/conversion?period=month&time_zone_offset={offset}")).await
}

/// Counts the fans one by one, and says how far the counters were off.
pub(crate) async fn recount(store: StoreId) -> Result<RecountResponse, ApiError> {
    http::post_to(format!("/stores/{store}/fans/recount")).await
}
