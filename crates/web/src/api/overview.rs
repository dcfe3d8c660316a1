//! `/api/v1/stores/{store_id}/overview`, and counting anew

use fanbase_domain::{
    ids::StoreId,
    wire::{fans::RecountResponse, overview::OverviewResponse},
};

use super::{ApiError, http};

/// The audience at a glance, by month at the reader's distance from Greenwich in minutes.
pub(crate) async fn get_overview(store: StoreId, offset: i32) -> Result<OverviewResponse, ApiError> {
    http::get(format!("/stores/{store}/overview?period=month&time_zone_offset={offset}")).await
}

/// Counts the fans one by one, and says how far the counters were off.
pub(crate) async fn recount(store: StoreId) -> Result<RecountResponse, ApiError> {
    http::post_to(format!("/stores/{store}/fans/recount")).await
}
