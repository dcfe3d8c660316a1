//! Browser sessions of signed-in people.

use actix_web::{HttpRequest, http::header};
use fanbase_domain::{
    email::Email,
    ids::{SessionId, UserId},
    time::{DAY, Timestamp},
    wire::{
        audit::AuditAction,
        auth::{LoginRequest, SessionResponse},
    },
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _,
};
use uuid::Uuid;

use crate::{
    accounts::users,
    app_state::AppState,
    auth::{identity::SUSPENDED, secret},
    clock,
    db::{
        audit_log::Entry,
        entities::sessions::{ActiveModel, Column, Entity, Model},
        sql::Sql,
        transaction,
    },
    error::ApiError,
    request_context::{self, Actor},
};

/// Maximum length of a stored user agent, in characters.
const MAX_USER_AGENT: usize = 300;

/// The `User-Agent` header of a request.
#[must_use]
pub fn user_agent(request: &HttpRequest) -> Option<String> {
    let text = request.headers().get(header::USER_AGENT)?.to_str().ok()?;
    Some(text.chars().take(MAX_USER_AGENT).collect())
}

/// Signs in with e-mail address and password; returns the token of the session.
///
/// # Errors
/// `ApiError::Unauthenticated` when the e-mail address or the password is wrong, without revealing which of
/// them; `ApiError::TooManyRequests` after too many attempts from this network; `ApiError::Forbidden` when
/// the account is suspended.
pub async fn sign_in(
    state: &AppState,
    request: LoginRequest,
    user_agent: Option<String>,
) -> Result<String, ApiError> {
    const WRONG: ApiError = ApiError::Unauthenticated("The e-mail address or the password is wrong.");
    let email = Email::parse(&request.email).map_err(|_| WRONG)?;
    // Attempts at unknown accounts count too, so that the limit does not reveal which accounts exist.
    let client = request_context::current().and_then(|request| request.network());
    let target = (email.key().to_string(), client);
    state.throttle.count(&target, clock::now())?;
    let found = users::queries::find_by_email(state.db.read(), &email).await?;
    let (user, hash) = found.map_or((None, None), |(user, hash)| (Some(user), hash));
    let right = secret::verify_password(request.password, hash).await?;
    let user = user.filter(|_| right).ok_or(WRONG)?;
    state.throttle.reset(&target);
    if user.suspended_at.is_some() {
        return Err(SUSPENDED);
    }
    let days = state.config.session_days;
    transaction::write(&state.db, |tx| {
        let user_agent = user_agent.clone();
        Box::pin(async move { begin(tx, days, user.id, user_agent).await })
    })
    .await
}

/// Creates a session for an authenticated account; returns its token.
///
/// # Errors
/// When the database fails.
pub async fn begin(
    tx: &impl ConnectionTrait,
    days: u32,
    user: UserId,
    user_agent: Option<String>,
) -> Result<String, ApiError> {
    let token = secret::random();
    let now = clock::now().millis();
    let address =
        request_context::current().and_then(|request| request.address).map(|address| address.to_string());
    let session = ActiveModel {
        token_hash: Set(secret::hash(&token)),
        id: Set(Uuid::now_v7()),
        user_id: Set(user.uuid()),
        address: Set(address),
        user_agent: Set(user_agent),
        created_at: Set(now),
        expires_at: Set(now + i64::from(days) * DAY),
    };
    session.insert(tx).await?;
    let mut sql = Sql::new("UPDATE users SET last_sign_in_at = ");
    sql.bind(now).push(" WHERE id = ").bind(user.uuid());
    sql.execute(tx).await?;
    let entry = Entry::of_platform(AuditAction::UserSignedIn).by(Actor::User(user));
    entry.to(user.uuid()).record(tx).await?;
    Ok(token)
}

/// The active sessions of an account, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    user: UserId,
    current: Option<&str>,
) -> Result<Vec<SessionResponse>, ApiError> {
    let valid = Entity::find().filter(Column::UserId.eq(user.uuid()));
    let valid = valid.filter(Column::ExpiresAt.gt(clock::now().millis()));
    let models = valid.order_by_desc(Column::Id).all(db).await?;
    let current = current.map(secret::hash);
    Ok(models.into_iter().map(|model| response(model, current.as_deref())).collect())
}

fn response(model: Model, current: Option<&[u8]>) -> SessionResponse {
    SessionResponse {
        id: SessionId::new(model.id),
        is_current: current == Some(model.token_hash.as_slice()),
        address: model.address,
        user_agent: model.user_agent,
        created_at: Timestamp::from_millis(model.created_at),
        expires_at: Timestamp::from_millis(model.expires_at),
    }
}

/// Ends one session of an account.
///
/// # Errors
/// `ApiError::NotFound` when the account has no such session.
pub async fn revoke(state: &AppState, user: UserId, id: SessionId) -> Result<(), ApiError> {
    transaction::write(&state.db, |tx| {
        Box::pin(async move {
            let mut sql = Sql::new("DELETE FROM sessions WHERE user_id = ");
            sql.bind(user.uuid()).push(" AND id = ").bind(id.uuid());
            if sql.execute(tx).await?.rows_affected() == 0 {
                return Err(ApiError::NotFound("session"));
            }
            Entry::of_platform(AuditAction::SessionRevoked).to(user.uuid()).record(tx).await
        })
    })
    .await
}

/// Ends all sessions of an account, except the one whose token is `kept`.
///
/// # Errors
/// When the database fails.
pub async fn end_others(db: &impl ConnectionTrait, user: UserId, kept: Option<&str>) -> Result<(), ApiError> {
    let mut sql = Sql::new("DELETE FROM sessions WHERE user_id = ");
    sql.bind(user.uuid());
    if let Some(token) = kept {
        sql.push(" AND token_hash <> ").bind(secret::hash(token));
    }
    sql.execute(db).await?;
    Ok(())
}

/// Deletes expired sessions.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(db: &impl ConnectionTrait, now: Timestamp) -> Result<u64, DbErr> {
    let mut sql = Sql::new("DELETE FROM sessions WHERE expires_at < ");
    sql.bind(now.millis());
    Ok(sql.execute(db).await?.rows_affected())
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
