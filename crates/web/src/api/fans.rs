//! `/api/v1/stores/{store_id}/fans`

use fanbase_domain::{
    ids::StoreId,
    text,
    wire::fans::{FanCountsResponse, FanPage},
};

use super::{ApiError, http};
use crate::state::{fans_query::FansQuery, query_string};

/// A page of fans.
pub(crate) async fn list_fans(store: StoreId, query: &FansQuery) -> Result<FanPage, ApiError> {
    http::get(&format!("/stores/{store}/fans?{}", query.to_page_request())).await
}

/// How many fans a search finds, by type; all of them when it is blank.
pub(crate) async fn get_fan_counts(store: StoreId, search: &str) -> Result<FanCountsResponse, ApiError> {
    let query = text::non_blank(search)
        .map(|search| format!("?{}", query_string::encode([("search", search)])))
        .unwrap_or_default();
    http::get(&format!("/stores/{store}/fans/counts{query}")).await
}
