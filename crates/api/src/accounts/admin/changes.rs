//! Changes accounts, one transaction each. Refuses changes that would lock everyone out: admins cannot take
//! their own rights away, and a store always keeps an owner.

use fanbase_domain::{
    ids::UserId,
    role::Role,
    wire::{
        admin::{
            AdminUserDetailResponse, MAX_BULK, PatchUserRequest, RefusedUserResponse, UserBulk,
            UserBulkResponse, UserChange, UserStatus,
        },
        audit::AuditAction,
    },
};
use sea_orm::ConnectionTrait;

use super::{list, params::UserFilter};
use crate::{
    accounts::{members, sessions::session, users},
    clock,
    db::{Db, audit_log::Entry, is_sqlite, sql::Sql, transaction},
    error::ApiError,
};

/// The outcome for an account.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Changed,
    Unchanged,
    Refused { email: Option<String>, reason: String },
}

/// Changes one account: applies all parts of the request, or none of them.
///
/// # Errors
/// `ApiError::NotFound` when there is no such account; `ApiError::NotPossible` when a part is refused.
pub async fn patch(
    db: &Db,
    id: UserId,
    request: PatchUserRequest,
    by: UserId,
) -> Result<AdminUserDetailResponse, ApiError> {
    let PatchUserRequest { role, is_admin, is_suspended } = request;
    let changes = [
        role.map(UserChange::Role),
        is_admin.map(UserChange::Admin),
        is_suspended.map(UserChange::Suspended),
    ];
    transaction::write(db, |tx| {
        Box::pin(async move {
            for change in changes.into_iter().flatten() {
                if let Outcome::Refused { reason, .. } = apply(tx, id, change, by, false).await? {
                    return Err(ApiError::NotPossible(reason));
                }
            }
            list::find(tx, id).await
        })
    })
    .await
}

/// Changes many accounts; a dry run only reports the outcome.
///
/// # Errors
/// `ApiError::NotPossible` when more accounts match than can be changed at once.
pub async fn bulk(
    db: &Db,
    filter: &UserFilter,
    bulk: UserBulk,
    by: UserId,
) -> Result<UserBulkResponse, ApiError> {
    let UserBulk { change, user_ids, dry_run } = bulk;
    let ids = match user_ids {
        Some(mut ids) => {
            ids.sort_unstable();
            ids.dedup();
            ids
        }
        None => list::ids(db.read(), filter, MAX_BULK + 1).await?,
    };
    if ids.len() > MAX_BULK {
        let reason = format!("More than {MAX_BULK} accounts match. Narrow the filter down.");
        return Err(ApiError::NotPossible(reason));
    }
    let (mut changed, mut unchanged, mut refused) = (0, 0, Vec::new());
    for user_id in &ids {
        let user_id = *user_id;
        let done = transaction::write(db, |tx| {
            Box::pin(async move { apply(tx, user_id, change, by, dry_run).await })
        });
        let mut refuse = |email, reason| refused.push(RefusedUserResponse { user_id, email, reason });
        match done.await {
            Ok(Outcome::Changed) => changed += 1,
            Ok(Outcome::Unchanged) => unchanged += 1,
            Ok(Outcome::Refused { email, reason }) => refuse(email, reason),
            Err(ApiError::NotFound(_)) => refuse(None, "There is no such account.".to_owned()),
            Err(error) => return Err(error),
        }
    }
    Ok(UserBulkResponse { matched: ids.len() as u64, changed, unchanged, refused })
}

async fn apply(
    tx: &impl ConnectionTrait,
    id: UserId,
    change: UserChange,
    by: UserId,
    dry_run: bool,
) -> Result<Outcome, ApiError> {
    hold_admins(tx).await?;
    let before = list::find(tx, id).await?;
    if let Some(reason) = refusal(tx, &before, change, by).await? {
        return Ok(Outcome::Refused { email: before.user.email, reason });
    }
    if is_so(&before, change) {
        return Ok(Outcome::Unchanged);
    }
    if !dry_run {
        write(tx, &before, change).await?;
    }
    Ok(Outcome::Changed)
}

/// Locks all admins, so that two of them cannot revoke each other concurrently.
async fn hold_admins(tx: &impl ConnectionTrait) -> Result<(), ApiError> {
    if !is_sqlite(tx) {
        Sql::new("SELECT id FROM users WHERE is_admin ORDER BY id FOR UPDATE").all(tx).await?;
    }
    Ok(())
}

async fn refusal(
    tx: &impl ConnectionTrait,
    before: &AdminUserDetailResponse,
    change: UserChange,
    by: UserId,
) -> Result<Option<String>, ApiError> {
    if before.user.status == UserStatus::Deleted {
        return Ok(Some("The account is deleted.".to_owned()));
    }
    let takes_away =
        matches!(change, UserChange::Delete | UserChange::Admin(false) | UserChange::Suspended(true));
    if before.user.id == by && takes_away {
        return Ok(Some("Admins cannot do this to themselves. Ask another one.".to_owned()));
    }
    let still_owner = matches!(change, UserChange::Role(Role::AgencyOwner));
    if still_owner || !matches!(change, UserChange::Role(_) | UserChange::Delete) {
        return Ok(None);
    }
    for membership in before.memberships.iter().filter(|membership| membership.role == Role::AgencyOwner) {
        members::queries::hold(tx, membership.store_id).await?;
        if !members::queries::has_other_owner(tx, membership.store_id, before.user.id).await? {
            return Ok(Some(format!("Their store \"{}\" would have no owner.", membership.store_name)));
        }
    }
    Ok(None)
}

fn is_so(before: &AdminUserDetailResponse, change: UserChange) -> bool {
    match change {
        UserChange::Role(role) => before.memberships.iter().all(|membership| membership.role == role),
        UserChange::Admin(is_admin) => before.user.is_admin == is_admin,
        UserChange::Suspended(is) => (before.user.status == UserStatus::Suspended) == is,
        UserChange::Delete => false,
    }
}

async fn write(
    tx: &impl ConnectionTrait,
    before: &AdminUserDetailResponse,
    change: UserChange,
) -> Result<(), ApiError> {
    let id = before.user.id;
    let action = match change {
        UserChange::Role(role) => {
            update(tx, "UPDATE store_members SET role = ", role.as_str(), "user_id", id).await?;
            AuditAction::UserUpdated
        }
        UserChange::Admin(is_admin) => {
            update(tx, "UPDATE users SET is_admin = ", is_admin, "id", id).await?;
            AuditAction::UserUpdated
        }
        UserChange::Suspended(true) => {
            update(tx, "UPDATE users SET suspended_at = ", clock::now().millis(), "id", id).await?;
            session::end_others(tx, id, None).await?;
            AuditAction::UserSuspended
        }
        UserChange::Suspended(false) => {
            update(tx, "UPDATE users SET suspended_at = ", None::<i64>, "id", id).await?;
            AuditAction::UserReinstated
        }
        UserChange::Delete => {
            users::service::delete_in(tx, id, clock::now()).await?;
            // No `before` and `after`: they would be personal data of the deleted account.
            return Entry::of_platform(AuditAction::UserDeleted).to(id.uuid()).record(tx).await;
        }
    };
    let after = list::find(tx, id).await?;
    Entry::of_platform(action).to(id.uuid()).changed(before, &after)?.record(tx).await
}

async fn update(
    tx: &impl ConnectionTrait,
    set: &str,
    value: impl Into<sea_orm::Value>,
    column: &str,
    id: UserId,
) -> Result<(), ApiError> {
    let mut sql = Sql::new(set);
    sql.bind(value).push(&format!(" WHERE {column} = ")).bind(id.uuid());
    sql.execute(tx).await?;
    Ok(())
}
