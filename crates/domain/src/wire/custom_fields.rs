//! `/api/v1/stores/{store_id}/custom-fields`

use serde::{Deserialize, Serialize};

use crate::{custom_field, field_errors::FieldErrors, ids::CustomFieldId};

/// A custom field to create, or the new label of one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CustomFieldRequest {
    /// What people see, at most 200 characters. The key is made from it once.
    #[cfg_attr(feature = "openapi", schema(example = "Favourite Plugin"))]
    pub label: String,
}

/// A label, checked, and the key that is made from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldLabel {
    /// The label.
    pub label: String,
    /// The key.
    pub key: String,
}

impl TryFrom<CustomFieldRequest> for FieldLabel {
    type Error = FieldErrors;

    fn try_from(request: CustomFieldRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let label =
            errors.text("/label", Some(&request.label), custom_field::MAX_LABEL_LENGTH).unwrap_or_default();
        let key = custom_field::key_from_label(&label);
        if key.is_empty() && errors.is_empty() {
            errors.add("/label", "label_invalid", "A label has at least one letter or digit.");
        }
        errors.into_result(Self { label, key })
    }
}

/// A custom field, and how many customers have a value in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CustomFieldUsageResponse {
    /// The field.
    #[serde(flatten)]
    pub field: CustomFieldResponse,
    /// How many customers have a value in it, or had one before it was deleted.
    #[cfg_attr(feature = "openapi", schema(example = 312))]
    pub customers: u64,
}

/// A custom field of the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CustomFieldResponse {
    /// Its id.
    pub id: CustomFieldId,
    /// Its key in `attributes`.
    #[cfg_attr(feature = "openapi", schema(example = "favourite_plugin"))]
    pub key: String,
    /// What people see.
    pub label: String,
}
