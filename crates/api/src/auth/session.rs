//! Sessions of people who sign in with a password.

use std::net::IpAddr;

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use fanbase_domain::{
    email::Email,
    ids::UserId,
    time::Timestamp,
    wire::auth::{LoginRequest, PasswordChange},
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, DbErr};

use super::secret;
use crate::{
    clock,
    db::{entities::sessions, sql::Sql, transaction},
    error::ApiError,
    http::state::AppState,
    users,
};

/// The name of the cookie.
pub const COOKIE: &str = "fanbase_session";
/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Signs somebody in; returns the token of the session.
///
/// # Errors
/// When the address or the password is wrong, which of the two nobody is told; or when either was
/// tried too often from this address.
pub async fn sign_in(
    state: &AppState,
    request: LoginRequest,
    client: Option<IpAddr>,
) -> Result<String, ApiError> {
    const WRONG: ApiError = ApiError::Unauthenticated("The e-mail address or the password is wrong.");
    let email = Email::parse(&request.email).map_err(|_| WRONG)?;
    // Tries at accounts that do not exist count as well, so that nobody learns which do.
    let target = (email.key().to_string(), client);
    state.throttle.count(&target, clock::now())?;
    let found = users::queries::find_by_email(state.db.read(), &email).await?;
    let (user, hash) = found.map_or((None, None), |(user, hash)| (Some(user.id), hash));
    let right = secret::verify_password(request.password, hash).await?;
    let user = user.filter(|_| right).ok_or(WRONG)?;
    state.throttle.forgive(&target);
    let token = secret::random();
    let now = clock::now().millis();
    let session = sessions::ActiveModel {
        token_hash: Set(secret::hash(&token)),
        user_id: Set(user.uuid()),
        created_at: Set(now),
        expires_at: Set(now + i64::from(state.config.session_days) * DAY),
    };
    session.insert(state.db.write()).await?;
    note_sign_in(state, user, now).await?;
    Ok(token)
}

/// Forgets sessions that have ended.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(db: &impl ConnectionTrait, now: Timestamp) -> Result<u64, DbErr> {
    let mut sql = Sql::new("DELETE FROM sessions WHERE expires_at < ");
    sql.bind(now.millis());
    Ok(sql.execute(db).await?.rows_affected())
}

async fn note_sign_in(state: &AppState, user: UserId, now: i64) -> Result<(), ApiError> {
    let mut sql = Sql::new("UPDATE users SET last_sign_in_at = ");
    sql.bind(now).push(" WHERE id = ").bind(user.uuid());
    sql.execute(state.db.write()).await?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(state: &AppState, token: &str) -> Result<(), ApiError> {
    let mut sql = Sql::new("DELETE FROM sessions WHERE token_hash = ");
    sql.bind(secret::hash(token));
    sql.execute(state.db.write()).await?;
    Ok(())
}

/// Gives an account another password; sessions other than `token`'s end.
///
/// # Errors
/// When the password that it has is another one, or was tried too often from this address.
pub async fn change_password(
    state: &AppState,
    user: UserId,
    token: &str,
    change: PasswordChange,
    client: Option<IpAddr>,
) -> Result<(), ApiError> {
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
    state.throttle.forgive(&target);
    let hash = secret::hash_password(change.new.into_string()).await?;
    transaction::write(&state.db, |tx| {
        let (hash, token) = (hash.clone(), secret::hash(token));
        Box::pin(async move {
            let mut sql = Sql::new("UPDATE users SET password_hash = ");
            sql.bind(hash).push(" WHERE id = ").bind(user.uuid());
            sql.execute(tx).await?;
            let mut sql = Sql::new("DELETE FROM sessions WHERE user_id = ");
            sql.bind(user.uuid()).push(" AND token_hash <> ").bind(token);
            sql.execute(tx).await?;
            Ok(())
        })
    })
    .await
}

/// The cookie that carries a token.
#[must_use]
pub fn cookie(state: &AppState, token: String) -> Cookie<'static> {
    Cookie::build(COOKIE, token)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(state.config.secure_cookies)
        .max_age(Duration::days(i64::from(state.config.session_days)))
        .finish()
}
