//! Creates, revokes and accepts invitations.

use fanbase_domain::{
    email::Email,
    ids::{InvitationId, StoreId, UserId},
    role::Role,
    time::{DAY, Timestamp},
    wire::{
        audit::AuditAction,
        members::{CreatedInvitationResponse, InvitationOfferResponse, InvitationResponse, NewInvitation},
    },
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _,
};
use uuid::Uuid;

use crate::{
    accounts::{members, stores, users},
    auth::secret,
    clock,
    db::{
        Db,
        audit_log::Entry,
        column::known,
        entities::invitations::{ActiveModel, Column, Entity, Model},
        sql::Sql,
        transaction,
    },
    error::ApiError,
};

/// Lifetime of an invitation, in milliseconds.
const KEPT: i64 = 7 * DAY;
/// The error for an unknown or expired secret.
const GONE: ApiError = ApiError::NotFound("invitation");

/// The pending invitations of a store, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl ConnectionTrait, store_id: StoreId) -> Result<Vec<InvitationResponse>, ApiError> {
    let valid = Entity::in_store(store_id).filter(Column::ExpiresAt.gt(clock::now().millis()));
    let models = valid.order_by_asc(Column::Id).all(db).await?;
    Ok(models.into_iter().map(response).collect::<Result<_, _>>()?)
}

/// Invites a person, and replaces an earlier invitation of the same e-mail address.
///
/// # Errors
/// `ApiError::Forbidden` when `by` cannot give this role; `ApiError::Conflict` when the account is a member
/// already.
pub async fn create(
    db: &Db,
    store_id: StoreId,
    new: NewInvitation,
    by: Role,
) -> Result<CreatedInvitationResponse, ApiError> {
    if !by.may_appoint(new.role) {
        let detail = format!("Your role in this store, {by}, cannot give {}.", new.role);
        return Err(ApiError::Forbidden(detail.into()));
    }
    let token = secret::random();
    let now = clock::now().millis();
    let invitation = transaction::write(db, |tx| {
        let (new, hash) = (new.clone(), secret::hash(&token));
        Box::pin(async move {
            if let Some((user, _)) = users::queries::find_by_email(tx, &new.email).await?
                && members::queries::find(tx, store_id, user.id).await.is_ok()
            {
                return Err(ApiError::Conflict("They are a member of this store already."));
            }
            let (email, key) = new.email.into_parts();
            let mut sql = Sql::new("DELETE FROM invitations WHERE store_id = ");
            sql.bind(store_id.uuid()).push(" AND email_key = ").bind(key.as_str());
            sql.execute(tx).await?;
            let model = ActiveModel {
                store_id: Set(store_id.uuid()),
                id: Set(Uuid::now_v7()),
                email: Set(email),
                email_key: Set(key.into_string()),
                role: Set(new.role.as_str().to_owned()),
                token_hash: Set(hash),
                created_at: Set(now),
                expires_at: Set(now + KEPT),
            };
            let invitation = response(model.insert(tx).await?)?;
            let entry = Entry::of_store(store_id, AuditAction::InvitationCreated);
            entry.to(invitation.id.uuid()).after(&invitation)?.record(tx).await?;
            Ok(invitation)
        })
    })
    .await?;
    Ok(CreatedInvitationResponse { invitation, path: format!("/invitation#{token}"), token })
}

/// Revokes an invitation.
///
/// # Errors
/// `ApiError::NotFound` when there is no such invitation.
pub async fn revoke(db: &Db, store_id: StoreId, id: InvitationId) -> Result<(), ApiError> {
    transaction::write(db, |tx| {
        Box::pin(async move {
            let found = Entity::find_by_id((store_id.uuid(), id.uuid())).one(tx).await?;
            let invitation = response(found.ok_or(GONE)?)?;
            Entity::delete_by_id((store_id.uuid(), id.uuid())).exec(tx).await?;
            let entry = Entry::of_store(store_id, AuditAction::InvitationRevoked).to(id.uuid());
            entry.before(&invitation)?.record(tx).await
        })
    })
    .await
}

/// The content of an invitation, for the holder of its secret.
///
/// # Errors
/// `ApiError::NotFound` when the secret is unknown, used, revoked or expired.
pub async fn offer(db: &impl ConnectionTrait, token: &str) -> Result<InvitationOfferResponse, ApiError> {
    let invitation = find(db, token).await?;
    let store = stores::queries::find(db, StoreId::new(invitation.store_id)).await?;
    let InvitationResponse { email, role, expires_at, .. } = response(invitation)?;
    Ok(InvitationOfferResponse { store_id: store.id, store_name: store.name, email, role, expires_at })
}

/// Accepts an invitation: makes the account a member and deletes the invitation. Returns the store.
///
/// # Errors
/// `ApiError::NotFound` when the secret is unknown, used, revoked or expired; `ApiError::Forbidden` when the
/// invitation is for another e-mail address.
pub async fn accept(
    tx: &impl ConnectionTrait,
    token: &str,
    user_id: UserId,
    email: Option<&Email>,
) -> Result<StoreId, ApiError> {
    let invitation = find(tx, token).await?;
    if email.map(|email| email.key().as_str()) != Some(&invitation.email_key) {
        let detail = "This invitation is for another e-mail address than that of your account.";
        return Err(ApiError::Forbidden(detail.into()));
    }
    let store_id = StoreId::new(invitation.store_id);
    let key = (invitation.store_id, invitation.id);
    // A concurrent request may have used it.
    if Entity::delete_by_id(key).exec(tx).await?.rows_affected == 0 {
        return Err(GONE);
    }
    let InvitationResponse { id, role, .. } = response(invitation)?;
    let role = members::queries::add(tx, store_id, user_id, role, clock::now()).await?;
    let entry = Entry::of_store(store_id, AuditAction::InvitationAccepted).to(id.uuid());
    let joined = serde_json::json!({ "user_id": user_id, "role": role });
    entry.after(&joined)?.record(tx).await?;
    Ok(store_id)
}

/// Deletes expired invitations.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(db: &impl ConnectionTrait, now: Timestamp) -> Result<u64, DbErr> {
    let mut sql = Sql::new("DELETE FROM invitations WHERE expires_at < ");
    sql.bind(now.millis());
    Ok(sql.execute(db).await?.rows_affected())
}

async fn find(db: &impl ConnectionTrait, token: &str) -> Result<Model, ApiError> {
    let found = Entity::find().filter(Column::TokenHash.eq(secret::hash(token)));
    let found = found.filter(Column::ExpiresAt.gt(clock::now().millis())).one(db).await?;
    found.ok_or(GONE)
}

fn response(model: Model) -> Result<InvitationResponse, DbErr> {
    Ok(InvitationResponse {
        id: InvitationId::new(model.id),
        email: model.email,
        role: known(Role::parse(&model.role), "invitations.role")?,
        created_at: Timestamp::from_millis(model.created_at),
        expires_at: Timestamp::from_millis(model.expires_at),
    })
}
