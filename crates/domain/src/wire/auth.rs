//! `/api/v1/auth` and `/api/v1/me`

use serde::{Deserialize, Serialize};

use super::stores::StoreResponse;
use crate::ids::UserId;

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
