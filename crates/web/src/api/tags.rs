//! `/api/v1/stores/{store_id}/tags`

use fanbase_domain::{
    ids::{StoreId, TagId},
    wire::tags::{MergeTagRequest, TagRequest, TagResponse},
};

use super::{ApiError, http};

/// The tags of a store.
pub(crate) async fn list_tags(store: StoreId) -> Result<Vec<TagResponse>, ApiError> {
    http::get(format!("/stores/{store}/tags")).await
}

/// Gives a tag another name.
pub(crate) async fn rename_tag(store: StoreId, id: TagId, name: String) -> Result<(), ApiError> {
    http::patch_only(format!("/stores/{store}/tags/{id}"), TagRequest { name }, None).await
}

/// Gives everyone who has a tag another one in its place.
pub(crate) async fn merge_tag(store: StoreId, id: TagId, into: TagId) -> Result<(), ApiError> {
    http::post_only(format!("/stores/{store}/tags/{id}/merge"), MergeTagRequest { into }).await
}

/// Deletes a tag.
pub(crate) async fn delete_tag(store: StoreId, id: TagId) -> Result<(), ApiError> {
    http::delete(format!("/stores/{store}/tags/{id}"), None).await
}
