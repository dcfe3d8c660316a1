//! `/api/v1/stores/{store_id}/tags`

use serde::{Deserialize, Serialize};

use crate::{field_errors::FieldErrors, ids::TagId, tag::TagName};

/// A tag to create, or the new name of one. Two names that differ in case only are one tag.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TagRequest {
    /// The name, at most 100 characters.
    #[cfg_attr(feature = "openapi", schema(example = "vip"))]
    pub name: String,
}

impl TryFrom<TagRequest> for TagName {
    type Error = FieldErrors;

    fn try_from(request: TagRequest) -> Result<Self, FieldErrors> {
        Self::parse(&request.name).map_err(|error| {
            let mut errors = FieldErrors::new();
            errors.add("/name", error.code(), error.to_string());
            errors
        })
    }
}

/// The tag that another one becomes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({"into": "0199f1c2-6a35-7c2e-9a57-3c1d2b8e4f10"})))]
#[serde(deny_unknown_fields)]
pub struct MergeTagRequest {
    /// The tag that stays; another one of the same store.
    pub into: TagId,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TagResponse {
    /// Its id.
    pub id: TagId,
    /// Its name.
    pub name: String,
    /// How many customers have it.
    pub customers: u64,
}
