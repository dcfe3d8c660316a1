//! `/api/v1/stores`

use serde::{Deserialize, Serialize};

use super::patch::present;
use crate::{
    field_errors::FieldErrors,
    ids::StoreId,
    money::Currency,
    store::{Store, is_slug},
    time::Timestamp,
};

/// Longest name of a store, in characters.
const MAX_NAME: usize = 120;

/// A store to create.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CreateStoreRequest {
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(example = "Pause Play Repeat"))]
    pub name: String,
    /// Its part of web addresses.
    #[cfg_attr(feature = "openapi", schema(example = "pause-play-repeat"))]
    pub slug: String,
    /// What its amounts are in; `USD` unless told.
    #[cfg_attr(feature = "openapi", schema(example = "USD"))]
    pub currency: Option<String>,
}

/// A store to create, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStore {
    /// Its name.
    pub name: String,
    /// Its slug.
    pub slug: String,
    /// Its currency.
    pub currency: Currency,
}

impl TryFrom<CreateStoreRequest> for NewStore {
    type Error = FieldErrors;

    fn try_from(request: CreateStoreRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let name = required_name(&request.name, &mut errors);
        let slug = request.slug.trim().to_owned();
        if !is_slug(&slug) {
            errors.add("/slug", "slug_invalid", "2 to 60 lower-case letters, digits and inner hyphens.");
        }
        let currency = Currency::parse(request.currency.as_deref().unwrap_or("USD"));
        if currency.is_none() {
            errors.add("/currency", "currency_invalid", "A three-letter ISO 4217 code such as USD.");
        }
        match (name, currency, errors.is_empty()) {
            (Some(name), Some(currency), true) => Ok(Self { name, slug, currency }),
            _ => Err(errors),
        }
    }
}

/// Changes to a store: what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({"name": "Pause Play Repeat"})))]
#[serde(default, deny_unknown_fields)]
pub struct PatchStoreRequest {
    /// A new name.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub name: Option<Option<String>>,
}

/// Changes to a store, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorePatch {
    /// A new name.
    pub name: Option<String>,
}

impl TryFrom<PatchStoreRequest> for StorePatch {
    type Error = FieldErrors;

    fn try_from(request: PatchStoreRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let name = errors.not_null("/name", request.name);
        let name = name.and_then(|name| required_name(&name, &mut errors));
        errors.into_result(Self { name })
    }
}

fn required_name(name: &str, errors: &mut FieldErrors) -> Option<String> {
    let name = errors.text("/name", Some(name), MAX_NAME);
    if name.is_none() && errors.is_empty() {
        errors.add("/name", "required", "A store needs a name.");
    }
    name
}

/// A store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoreResponse {
    /// Its id.
    pub id: StoreId,
    /// Its name.
    pub name: String,
    /// Its part of web addresses.
    pub slug: String,
    /// What its amounts are in.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "USD"))]
    pub currency: Currency,
    /// Raised by every change; the `ETag` is made of it.
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
}

impl From<Store> for StoreResponse {
    fn from(store: Store) -> Self {
        let Store { id, name, slug, currency, version, created_at } = store;
        Self { id, name, slug, currency, version, created_at }
    }
}
