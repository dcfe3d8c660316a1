//! `/api/v1/stores/{store_id}/views`

use fanbase_domain::{
    ids::{StoreId, ViewId},
    wire::views::{CreateViewRequest, PatchViewRequest, ViewResponse},
};

use super::{ApiError, http};

/// The saved views of a store.
pub(crate) async fn list_views(store: StoreId) -> Result<Vec<ViewResponse>, ApiError> {
    http::get(format!("/stores/{store}/views")).await
}

/// Saves a view.
pub(crate) async fn create_view(
    store: StoreId,
    request: CreateViewRequest,
) -> Result<ViewResponse, ApiError> {
    http::post(format!("/stores/{store}/views"), request).await
}

/// Changes a view.
pub(crate) async fn patch_view(
    store: StoreId,
    id: ViewId,
    request: PatchViewRequest,
) -> Result<ViewResponse, ApiError> {
    http::patch(format!("/stores/{store}/views/{id}"), request, None).await
}

/// Deletes a view.
pub(crate) async fn delete_view(store: StoreId, id: ViewId) -> Result<(), ApiError> {
    http::delete(format!("/stores/{store}/views/{id}"), None).await
}
