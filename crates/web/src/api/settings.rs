//! What the settings change: the store, `/api-keys`, `/custom-fields`

use fanbase_domain::{
    ids::{ApiKeyId, CustomFieldId, StoreId},
    wire::{
        api_keys::{ApiKeyResponse, CreateApiKeyRequest, CreatedApiKeyResponse, RotateApiKeyRequest},
        custom_fields::{CustomFieldRequest, CustomFieldResponse},
        stores::PatchStoreRequest,
    },
};

use super::{ApiError, http};

/// Changes a store, provided that nobody else changed it since `version`.
pub(crate) async fn patch_store(
    store: StoreId,
    request: PatchStoreRequest,
    version: i64,
) -> Result<(), ApiError> {
    http::patch_only(format!("/stores/{store}"), request, Some(version)).await
}

/// The API keys of a store.
pub(crate) async fn list_api_keys(store: StoreId) -> Result<Vec<ApiKeyResponse>, ApiError> {
    http::get(format!("/stores/{store}/api-keys")).await
}

/// Makes an API key.
pub(crate) async fn create_api_key(
    store: StoreId,
    request: CreateApiKeyRequest,
) -> Result<CreatedApiKeyResponse, ApiError> {
    http::post(format!("/stores/{store}/api-keys"), request).await
}

/// Makes a successor of an API key, which goes on working for some hours.
pub(crate) async fn rotate_api_key(
    store: StoreId,
    id: ApiKeyId,
    overlap_hours: u32,
) -> Result<CreatedApiKeyResponse, ApiError> {
    let request = RotateApiKeyRequest { overlap_hours: Some(overlap_hours) };
    http::post(format!("/stores/{store}/api-keys/{id}/rotate"), request).await
}

/// Revokes an API key.
pub(crate) async fn revoke_api_key(store: StoreId, id: ApiKeyId) -> Result<(), ApiError> {
    http::delete(format!("/stores/{store}/api-keys/{id}"), None).await
}

/// The custom fields of a store.
pub(crate) async fn list_fields(store: StoreId) -> Result<Vec<CustomFieldResponse>, ApiError> {
    http::get(format!("/stores/{store}/custom-fields")).await
}

/// Adds a custom field, or gives one another label.
pub(crate) async fn save_field(
    store: StoreId,
    id: Option<CustomFieldId>,
    label: String,
) -> Result<(), ApiError> {
    let (path, request) = (format!("/stores/{store}/custom-fields"), CustomFieldRequest { label });
    match id {
        None => http::post_only(path, request).await,
        Some(id) => http::patch_only(format!("{path}/{id}"), request, None).await,
    }
}
