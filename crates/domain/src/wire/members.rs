//! `/api/v1/stores/{store_id}/members` and `/api/v1/stores/{store_id}/invitations`

use serde::{Deserialize, Serialize};

use crate::{
    email::Email,
    field_errors::FieldErrors,
    ids::{InvitationId, StoreId, UserId},
    role::Role,
    time::Timestamp,
};

/// A member of a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberResponse {
    /// The account.
    pub user_id: UserId,
    /// Its address; null when it has none.
    pub email: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its picture.
    pub avatar_url: Option<String>,
    /// What it may do.
    pub role: Role,
    /// Whether the account is suspended, and can do nothing.
    pub is_suspended: bool,
    /// Since when it is a member.
    pub created_at: Timestamp,
}

/// Another role for a member.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = json!({"role": "SUBACCOUNT_USER"})))]
#[serde(deny_unknown_fields)]
pub struct PatchMemberRequest {
    /// What it may do from now on.
    pub role: Role,
}

/// Somebody to invite.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateInvitationRequest {
    /// The address of whoever is invited; only an account of this address can accept.
    #[cfg_attr(feature = "openapi", schema(example = "mira@studio.example"))]
    pub email: String,
    /// What they may do.
    pub role: Role,
}

/// Somebody to invite, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInvitation {
    /// The address.
    pub email: Email,
    /// What they may do.
    pub role: Role,
}

impl TryFrom<CreateInvitationRequest> for NewInvitation {
    type Error = FieldErrors;

    fn try_from(request: CreateInvitationRequest) -> Result<Self, FieldErrors> {
        match Email::parse(&request.email) {
            Ok(email) => Ok(Self { email, role: request.role }),
            Err(error) => {
                let mut errors = FieldErrors::new();
                errors.add("/email", error.code(), error.to_string());
                Err(errors)
            }
        }
    }
}

/// An invitation that waits to be accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationResponse {
    /// Its id.
    pub id: InvitationId,
    /// Who is invited.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// When they were invited.
    pub created_at: Timestamp,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// A new invitation with its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedInvitationResponse {
    /// The invitation.
    #[serde(flatten)]
    pub invitation: InvitationResponse,
    /// The page of the web app that accepts it. Send it to who is invited: it is not shown again.
    #[cfg_attr(feature = "openapi", schema(example = "/invitation#9mJ0…"))]
    pub path: String,
    /// The secret in it.
    pub token: String,
}

/// The secret of an invitation.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InvitationTokenRequest {
    /// What stands behind `#` in the path of the invitation.
    #[cfg_attr(feature = "openapi", schema(example = "9mJ0mB9o2c1xkz3mB9o2c1xkz3mB9o2c1xkz3mB9o2c"))]
    pub token: String,
}

/// What an invitation is to, for whoever holds its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationOfferResponse {
    /// The store.
    pub store_id: StoreId,
    /// Its name.
    pub store_name: String,
    /// Who is invited.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}
