//! `/api/v1/auth` and `/api/v1/me`

use serde::{Deserialize, Serialize};

use super::{patch::present, stores::StoreResponse};
use crate::{field_errors::FieldErrors, ids::UserId, password::Password};

/// Longest name of an account, in characters.
pub const MAX_NAME: usize = 200;

/// Who signs in.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    /// The address of the account.
    #[cfg_attr(feature = "openapi", schema(example = "demo@fanbase.local"))]
    pub email: String,
    /// Its password.
    #[cfg_attr(feature = "openapi", schema(example = "correct horse battery staple"))]
    pub password: String,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MeResponse {
    /// The account; null for an API key.
    pub user_id: Option<UserId>,
    /// Its address.
    pub email: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its picture.
    pub avatar_url: Option<String>,
    /// Whether it may administer the platform.
    pub is_admin: bool,
    /// The stores it can open.
    pub stores: Vec<StoreResponse>,
}

/// Changes to the account that is signed in: what is absent stays, null clears.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({"name": "Ava Lindqvist"})))]
#[serde(default, deny_unknown_fields)]
pub struct PatchMeRequest {
    /// The name to show, at most 200 characters.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub name: Option<Option<String>>,
}

/// Changes to the account that is signed in, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MePatch {
    /// The name to show.
    pub name: Option<Option<String>>,
}

impl TryFrom<PatchMeRequest> for MePatch {
    type Error = FieldErrors;

    fn try_from(request: PatchMeRequest) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let name = request.name.map(|name| errors.text("/name", name.as_deref(), MAX_NAME));
        errors.into_result(Self { name })
    }
}

/// A new password for the account that is signed in.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordRequest {
    /// The password that it has.
    #[cfg_attr(feature = "openapi", schema(example = "correct horse battery staple"))]
    pub current_password: String,
    /// The password that it gets, at least 8 characters.
    #[cfg_attr(feature = "openapi", schema(example = "staple battery horse correct"))]
    pub new_password: String,
}

/// A new password, checked.
#[derive(Clone)]
pub struct PasswordChange {
    /// The password that the account has, as typed.
    pub current: String,
    /// The password that it gets.
    pub new: Password,
}

impl TryFrom<PasswordRequest> for PasswordChange {
    type Error = FieldErrors;

    fn try_from(request: PasswordRequest) -> Result<Self, FieldErrors> {
        match Password::parse(&request.new_password) {
            Ok(new) => Ok(Self { current: request.current_password, new }),
            Err(error) => {
                let mut errors = FieldErrors::new();
                errors.add("/new_password", error.code(), error.to_string());
                Err(errors)
            }
        }
    }
}
