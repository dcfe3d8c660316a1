//! Changes and removes members.

use fanbase_domain::{
    ids::{StoreId, UserId},
    role::Role,
    wire::{audit::AuditAction, members::MemberResponse},
};
use sea_orm::ConnectionTrait;

use super::queries;
use crate::{
    clock,
    db::{Db, audit_log::Entry, sql::Sql, transaction},
    error::ApiError,
};

const LAST_OWNER: ApiError = ApiError::Conflict("A store needs an owner. Appoint another one first.");

/// Gives a member another role. `by` is the role of the acting member.
///
/// # Errors
/// `ApiError::NotFound` when there is no such member; `ApiError::Forbidden` when `by` may not make this
/// change; `ApiError::Conflict` when the store would have no owner.
pub async fn appoint(
    db: &Db,
    store_id: StoreId,
    user_id: UserId,
    role: Role,
    by: Role,
) -> Result<MemberResponse, ApiError> {
    transaction::write(db, |tx| {
        Box::pin(async move {
            queries::hold(tx, store_id).await?;
            let before = queries::find(tx, store_id, user_id).await?;
            check(by, before.role)?;
            check(by, role)?;
            if before.role == role {
                return Ok(before);
            }
            keep_an_owner(tx, store_id, &before).await?;
            let mut sql = Sql::new("UPDATE store_members SET role = ");
            sql.bind(role.as_str()).push(" WHERE store_id = ").bind(store_id.uuid());
            sql.push(" AND user_id = ").bind(user_id.uuid());
            sql.execute(tx).await?;
            let after = queries::find(tx, store_id, user_id).await?;
            let entry = Entry::of_store(store_id, AuditAction::MemberUpdated).to(user_id.uuid());
            entry.changed(&before, &after)?.record(tx).await?;
            Ok(after)
        })
    })
    .await
}

/// Makes an account an owner of a store without a check of the actor's role, for operators of the server.
///
/// # Errors
/// When the database fails.
pub async fn add_owner(db: &Db, store_id: StoreId, user_id: UserId) -> Result<MemberResponse, ApiError> {
    transaction::write(db, |tx| {
        Box::pin(async move {
            queries::add(tx, store_id, user_id, Role::AgencyOwner, clock::now()).await?;
            let member = queries::find(tx, store_id, user_id).await?;
            let entry = Entry::of_store(store_id, AuditAction::MemberUpdated).to(user_id.uuid());
            entry.after(&member)?.record(tx).await?;
            Ok(member)
        })
    })
    .await
}

/// Removes a member. `by` is the role of the acting member; `None` when members leave.
///
/// # Errors
/// `ApiError::NotFound` when there is no such member; `ApiError::Forbidden` when `by` may not make this
/// change; `ApiError::Conflict` when the store would have no owner.
pub async fn remove(db: &Db, store_id: StoreId, user_id: UserId, by: Option<Role>) -> Result<(), ApiError> {
    transaction::write(db, |tx| {
        Box::pin(async move {
            queries::hold(tx, store_id).await?;
            let member = queries::find(tx, store_id, user_id).await?;
            if let Some(by) = by {
                check(by, member.role)?;
            }
            keep_an_owner(tx, store_id, &member).await?;
            let mut sql = Sql::new("DELETE FROM store_members WHERE store_id = ");
            sql.bind(store_id.uuid()).push(" AND user_id = ").bind(user_id.uuid());
            sql.execute(tx).await?;
            let entry = Entry::of_store(store_id, AuditAction::MemberRemoved).to(user_id.uuid());
            entry.before(&member)?.record(tx).await
        })
    })
    .await
}

fn check(by: Role, role: Role) -> Result<(), ApiError> {
    if by.may_appoint(role) {
        return Ok(());
    }
    Err(ApiError::Forbidden(format!("Your role in this store, {by}, does not decide over {role}.").into()))
}

async fn keep_an_owner(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    member: &MemberResponse,
) -> Result<(), ApiError> {
    let is_last =
        member.role == Role::AgencyOwner && !queries::has_other_owner(db, store_id, member.user_id).await?;
    if is_last { Err(LAST_OWNER) } else { Ok(()) }
}
