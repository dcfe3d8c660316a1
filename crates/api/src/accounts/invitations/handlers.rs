//! `/api/v1/stores/{store_id}/invitations` and `/api/v1/invitations`

use actix_web::{
    HttpResponse, delete, get, post,
    web::{Json, Path},
};
use fanbase_domain::{
    email::Email,
    problem::Problem,
    wire::{
        members::{
            CreateInvitationRequest, CreatedInvitationResponse, InvitationOfferResponse, InvitationResponse,
            InvitationTokenRequest, NewInvitation,
        },
        stores::StoreResponse,
    },
};
use sea_orm::EntityTrait as _;

use super::service;
use crate::{
    accounts::{members, stores},
    app_state::State,
    auth::scope::{ManageMembers, SignedIn, StoreScope},
    db::{entities::users, transaction},
    error::ApiError,
    http::{
        body::JsonBody,
        problems::{PersonProblems, Problems, StoreProblems},
    },
};

/// List invitations
///
/// Those that can still be accepted. Only people may.
#[utoipa::path(
    security(("session" = ["manage_members"])),
    tag = "members", params(("store_id" = Uuid, Path, description = "The store")),
    responses((status = 200, description = "The invitations.", body = Vec<InvitationResponse>), StoreProblems)
)]
#[get("/api/v1/stores/{store_id}/invitations")]
pub(crate) async fn list_invitations(
    state: State,
    scope: StoreScope<ManageMembers>,
) -> Result<Json<Vec<InvitationResponse>>, ApiError> {
    Ok(Json(service::list(state.db.read(), scope.id()).await?))
}

/// Invite somebody
///
/// The answer has the link to send them; it is shown this once, and can be used for seven days by
/// an account of the address. An earlier invitation of the address ends. Only people may.
#[utoipa::path(
    security(("session" = ["manage_members"])),
    tag = "members", params(("store_id" = Uuid, Path, description = "The store")),
    request_body = CreateInvitationRequest,
    responses(
        (status = 201, description = "The invitation and its secret.", body = CreatedInvitationResponse),
        (status = 409, description = "They are a member already.", body = Problem, content_type = "application/problem+json"),
        StoreProblems,
    )
)]
#[post("/api/v1/stores/{store_id}/invitations")]
pub(crate) async fn create_invitation(
    state: State,
    scope: StoreScope<ManageMembers>,
    body: JsonBody<CreateInvitationRequest>,
) -> Result<HttpResponse, ApiError> {
    let new = NewInvitation::try_from(body.value)?;
    let by = scope.role.ok_or_else(|| ApiError::Internal("somebody invites without a role".to_owned()))?;
    let created: CreatedInvitationResponse = service::create(&state.db, scope.id(), new, by).await?;
    Ok(HttpResponse::Created().insert_header(("cache-control", "no-store")).json(created))
}

/// Take an invitation back
///
/// Its link opens nothing any more. Only people may.
#[utoipa::path(
    security(("session" = ["manage_members"])),
    tag = "members",
    params(("store_id" = Uuid, Path, description = "The store"), ("invitation_id" = Uuid, Path, description = "The invitation")),
    responses((status = 204, description = "Taken back."), StoreProblems)
)]
#[delete("/api/v1/stores/{store_id}/invitations/{invitation_id}")]
pub(crate) async fn delete_invitation(
    state: State,
    scope: StoreScope<ManageMembers>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let id = path.1.parse().map_err(|_| ApiError::NotFound("invitation"))?;
    service::revoke(&state.db, scope.id(), id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Look at an invitation
///
/// What the holder of its secret is invited to.
#[utoipa::path(
    tag = "members", request_body = InvitationTokenRequest, security(()),
    responses(
        (status = 200, description = "What it is to.", body = InvitationOfferResponse),
        (status = 404, description = "Used, taken back or expired.", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
#[post("/api/v1/invitations/offer")]
pub(crate) async fn get_invitation_offer(
    state: State,
    body: JsonBody<InvitationTokenRequest>,
) -> Result<Json<InvitationOfferResponse>, ApiError> {
    Ok(Json(service::offer(state.db.read(), &body.value.token).await?))
}

/// Accept an invitation
///
/// Whoever is signed in becomes a member of the store. The address of the account has to be the
/// one that was invited.
#[utoipa::path(
    security(("session" = [])),
    tag = "members", request_body = InvitationTokenRequest,
    responses(
        (status = 200, description = "The store.", body = StoreResponse),
        (status = 403, description = "The invitation is for another address.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Used, taken back or expired.", body = Problem, content_type = "application/problem+json"),
        PersonProblems,
    )
)]
#[post("/api/v1/invitations/accept")]
pub(crate) async fn accept_invitation(
    state: State,
    SignedIn(user): SignedIn,
    body: JsonBody<InvitationTokenRequest>,
) -> Result<Json<StoreResponse>, ApiError> {
    let token = body.value.token;
    let (store, role) = transaction::write(&state.db, |tx| {
        let token = token.clone();
        Box::pin(async move {
            let account = users::Entity::find_by_id(user.uuid()).one(tx).await?;
            let email = account.and_then(|account| Email::parse(&account.email?).ok());
            let store_id = service::accept(tx, &token, user, email.as_ref()).await?;
            let role = members::queries::find(tx, store_id, user).await?.role;
            Ok((stores::queries::find(tx, store_id).await?, role))
        })
    })
    .await?;
    state.access.clear();
    Ok(Json(StoreResponse::seen_by(store, Some(role))))
}
