//! `/api/v1/stores/{store_id}/fans`

use fanbase_domain::{
    ids::{FanId, StoreId},
    wire::{
        bulk::{BulkRequest, BulkResponse},
        fans::{FanCountsResponse, FanPage, FanResponse},
    },
};

use super::{ApiError, http};

/// Some of the fans; the query says which.
pub(crate) async fn list_fans(store: StoreId, query: String) -> Result<FanPage, ApiError> {
    http::get(format!("/stores/{store}/fans?{query}")).await
}

/// How many fans a filter admits, by type.
pub(crate) async fn get_fan_counts(store: StoreId, query: String) -> Result<FanCountsResponse, ApiError> {
    http::get(format!("/stores/{store}/fans/counts?{query}")).await
}

/// One fan.
pub(crate) async fn get_fan(store: StoreId, id: FanId) -> Result<FanResponse, ApiError> {
    http::get(format!("/stores/{store}/fans/{id}")).await
}

/// Does something to many of the fans that a filter admits.
pub(crate) async fn bulk(
    store: StoreId,
    query: &str,
    request: &BulkRequest,
) -> Result<BulkResponse, ApiError> {
    http::post(format!("/stores/{store}/fans/bulk?{query}"), request).await
}

/// Where everyone whom a filter admits can be downloaded as CSV.
pub(crate) fn export_address(store: StoreId, query: &str) -> String {
    format!("{}/stores/{store}/fans/export?{query}", http::BASE)
}
