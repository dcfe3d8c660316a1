//! Changes passwords.

use fanbase_domain::{
    ids::UserId,
    password::Password,
    wire::{audit::AuditAction, auth::PasswordChange},
};

use super::session;
use crate::{
    app_state::AppState,
    auth::secret,
    clock,
    db::{Db, audit_log::Entry, sql::Sql, transaction},
    error::ApiError,
    request_context,
};

/// Changes the password of an account, and ends all of its sessions except the one of `token`.
///
/// # Errors
/// `ApiError::Validation` when the current password is wrong; `ApiError::TooManyRequests` after too many
/// attempts from this network.
pub async fn change(
    state: &AppState,
    user: UserId,
    token: &str,
    change: PasswordChange,
) -> Result<(), ApiError> {
    let client = request_context::current().and_then(|request| request.network());
    let target = (user.to_string(), client);
    state.throttle.count(&target, clock::now())?;
    let mut sql = Sql::new("SELECT password_hash FROM users WHERE id = ");
    sql.bind(user.uuid());
    let hash = match sql.one(state.db.read()).await? {
        Some(row) => row.try_get_by_index::<Option<String>>(0)?,
        None => None,
    };
    if !secret::verify_password(change.current, hash).await? {
        let message = "This is not the password of the account.";
        return Err(ApiError::parameter("/current_password", "wrong_password", message));
    }
    state.throttle.reset(&target);
    set(&state.db, user, change.new, Some(token)).await
}

/// Sets the password of an account without a check of the current one, and ends all of its sessions except
/// the one of `token`.
///
/// # Errors
/// Returns errors of the database.
pub async fn set(db: &Db, user: UserId, password: Password, token: Option<&str>) -> Result<(), ApiError> {
    let hash = secret::hash_password(password.into_string()).await?;
    transaction::write(db, |tx| {
        let (hash, token) = (hash.clone(), token.map(str::to_owned));
        Box::pin(async move {
            let mut sql = Sql::new("UPDATE users SET password_hash = ");
            sql.bind(hash).push(" WHERE id = ").bind(user.uuid());
            sql.execute(tx).await?;
            session::end_others(tx, user, token.as_deref()).await?;
            Entry::of_platform(AuditAction::PasswordChanged).to(user.uuid()).record(tx).await
        })
    })
    .await
}
