//! `/api/v1/stores/{store_id}/tags`

use fanbase_domain::{ids::StoreId, wire::tags::TagResponse};

use super::{ApiError, http};

/// The tags of a store.
pub(crate) async fn list_tags(store: StoreId) -> Result<Vec<TagResponse>, ApiError> {
    http::get(format!("/stores/{store}/tags")).await
}
