//! `/api/v1/stores/{store_id}/api-keys`

use serde::{Deserialize, Serialize};

use crate::{field_errors::FieldErrors, ids::ApiKeyId, text_enum, time::Timestamp};

text_enum! {
    /// What an API key may do.
    pub enum Scope {
        /// Read fans, customers, tags, fields, imports.
        FansRead = "fans:read",
        /// Create, change and delete customers, tags, fields, notes.
        FansWrite = "fans:write",
        /// Import and undo imports.
        ImportsWrite = "imports:write",
        /// Report enrolments, purchases and subscriptions.
        EventsWrite = "events:write",
    }
}

/// An API key to create.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateApiKeyRequest {
    /// What it is for, at most 120 characters.
    #[cfg_attr(feature = "openapi", schema(example = "Checkout integration"))]
    pub name: String,
    /// What it may do.
    #[cfg_attr(feature = "openapi", schema(example = json!(["fans:read"])))]
    pub scopes: Vec<Scope>,
    /// Until when it can be used; for ever without.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// An API key to create, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewApiKey {
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Until when it can be used.
    pub expires_at: Option<Timestamp>,
}

impl TryFrom<CreateApiKeyRequest> for NewApiKey {
    type Error = FieldErrors;

    fn try_from(request: CreateApiKeyRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let name = errors.text("/name", Some(&request.name), 120);
        if name.is_none() && errors.is_empty() {
            errors.add("/name", "required", "A key needs a name, so that it can be told from others.");
        }
        let scopes: Vec<Scope> =
            Scope::ALL.into_iter().filter(|scope| request.scopes.contains(scope)).collect();
        if scopes.is_empty() {
            errors.add("/scopes", "required", "A key needs at least one scope.");
        }
        let expires_at = request.expires_at;
        errors.into_result(Self { name: name.unwrap_or_default(), scopes, expires_at })
    }
}

/// How an API key is replaced by a new one.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RotateApiKeyRequest {
    /// For how many hours the old key goes on working, so that nothing stops while the new one is
    /// put in its place: 0 to 720, 24 by default.
    #[cfg_attr(feature = "openapi", schema(example = 24))]
    pub overlap_hours: Option<u32>,
}

/// How an API key is replaced, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// For how many hours the old key goes on working.
    pub overlap_hours: u32,
}

impl TryFrom<RotateApiKeyRequest> for Rotation {
    type Error = FieldErrors;

    fn try_from(request: RotateApiKeyRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let overlap_hours = request.overlap_hours.unwrap_or(24);
        if overlap_hours > 720 {
            errors.add("/overlap_hours", "out_of_range", "At most 720 hours, which are 30 days.");
        }
        errors.into_result(Self { overlap_hours })
    }
}

/// An API key. The secret itself is shown only once, when it is created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKeyResponse {
    /// Its id.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// The start of the secret, to recognise it by.
    #[cfg_attr(feature = "openapi", schema(example = "fb_3kJ9"))]
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it ends, or has ended.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// A new API key with its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedApiKeyResponse {
    /// The key.
    #[serde(flatten)]
    pub key: ApiKeyResponse,
    /// The secret for `Authorization: Bearer`. Keep it: it is not shown again.
    pub secret: String,
}
