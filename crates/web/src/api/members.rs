//! `/api/v1/stores/{store_id}/members` and `/api/v1/stores/{store_id}/invitations`

use fanbase_domain::{
    ids::{InvitationId, StoreId, UserId},
    role::Role,
    wire::members::{
        CreateInvitationRequest, CreatedInvitationResponse, InvitationResponse, MemberResponse,
        PatchMemberRequest,
    },
};

use super::{ApiError, http};

/// The members of a store.
pub(crate) async fn list_members(store: StoreId) -> Result<Vec<MemberResponse>, ApiError> {
    http::get(format!("/stores/{store}/members")).await
}

/// Gives a member another role.
pub(crate) async fn patch_member(store: StoreId, user: UserId, role: Role) -> Result<(), ApiError> {
    http::patch_only(format!("/stores/{store}/members/{user}"), PatchMemberRequest { role }, None).await
}

/// Removes a member.
pub(crate) async fn remove_member(store: StoreId, user: UserId) -> Result<(), ApiError> {
    http::delete(format!("/stores/{store}/members/{user}"), None).await
}

/// Ends the own membership.
pub(crate) async fn leave(store: StoreId) -> Result<(), ApiError> {
    http::post_empty(format!("/stores/{store}/leave")).await
}

/// Who is invited, and has not answered yet.
pub(crate) async fn list_invitations(store: StoreId) -> Result<Vec<InvitationResponse>, ApiError> {
    http::get(format!("/stores/{store}/invitations")).await
}

/// Invites somebody.
pub(crate) async fn invite(
    store: StoreId,
    request: CreateInvitationRequest,
) -> Result<CreatedInvitationResponse, ApiError> {
    http::post(format!("/stores/{store}/invitations"), request).await
}

/// Takes an invitation back.
pub(crate) async fn revoke_invitation(store: StoreId, id: InvitationId) -> Result<(), ApiError> {
    http::delete(format!("/stores/{store}/invitations/{id}"), None).await
}
