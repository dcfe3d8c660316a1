//! `/api/v1/auth` and `/api/v1/me`

use serde::{Deserialize, Serialize};

use super::{
    patch::present,
    stores::{CreateStoreRequest, StoreResponse},
};
use crate::{
    email::Email,
    field_errors::FieldErrors,
    ids::{SessionId, UserId},
    password::Password,
    store::Creators,
    time::Timestamp,
};

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

/// Who wants an account.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignUpRequest {
    /// The address of the account.
    #[cfg_attr(feature = "openapi", schema(example = "mira@studio.example"))]
    pub email: String,
    /// Its password, at least 8 characters.
    #[cfg_attr(feature = "openapi", schema(example = "correct horse battery staple"))]
    pub password: String,
    /// The name to show.
    #[serde(default)]
    pub name: Option<String>,
    /// The secret of an invitation, which is accepted at once.
    #[serde(default)]
    pub invitation: Option<String>,
}

/// Who wants an account, checked.
#[derive(Clone)]
pub struct SignUp {
    /// The address.
    pub email: Email,
    /// The password.
    pub password: Password,
    /// The name to show.
    pub name: Option<String>,
    /// The secret of an invitation.
    pub invitation: Option<String>,
}

impl TryFrom<SignUpRequest> for SignUp {
    type Error = FieldErrors;

    fn try_from(request: SignUpRequest) -> Result<Self, FieldErrors> {
        let SignUpRequest { email, password, name, invitation } = request;
        let mut errors = FieldErrors::new();
        let name = errors.text("/name", name.as_deref(), MAX_NAME);
        let email = Email::parse(&email).map_err(|e| errors.add("/email", e.code(), e.to_string()));
        let password =
            Password::parse(&password).map_err(|e| errors.add("/password", e.code(), e.to_string()));
        match (email, password, errors.is_empty()) {
            (Ok(email), Ok(password), true) => Ok(Self { email, password, name, invitation }),
            _ => Err(errors),
        }
    }
}

/// The first account of a server, and its first store.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetUpRequest {
    /// The secret of the link that the server printed when it started.
    pub token: String,
    /// The address of the account.
    #[cfg_attr(feature = "openapi", schema(example = "mira@studio.example"))]
    pub email: String,
    /// Its password, at least 8 characters.
    #[cfg_attr(feature = "openapi", schema(example = "correct horse battery staple"))]
    pub password: String,
    /// The name to show.
    #[serde(default)]
    pub name: Option<String>,
    /// The store that it owns.
    pub store: CreateStoreRequest,
    /// For whom the server is, which decides whose accounts are fans: with `one` creator, everybody who
    /// has an account; with `many`, only accounts that have a tie to the store.
    #[serde(default)]
    pub creators: Creators,
}

/// What somebody who is not signed in can do here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuthOptionsResponse {
    /// Whether everybody can create an account; else only who was invited.
    pub sign_up_is_open: bool,
    /// Whether the server waits for its first account, by the link that it printed.
    pub needs_set_up: bool,
}

/// A sign-in in some browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionResponse {
    /// Its id.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub is_current: bool,
    /// The address that it was made from.
    #[cfg_attr(feature = "openapi", schema(example = "192.0.2.7"))]
    pub address: Option<String>,
    /// What the browser says it is.
    pub user_agent: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

/// Who is signed in at Clerk.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ClerkSignInRequest {
    /// A session token of Clerk, as `getToken()` returns it.
    #[cfg_attr(feature = "openapi", schema(example = "eyJhbGciOiJSUzI1NiIs…"))]
    pub token: String,
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
