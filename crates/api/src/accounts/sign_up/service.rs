//! Sign-up: by invitation, or on a server with open sign-up.

use fanbase_domain::wire::auth::SignUp;

use crate::{
    accounts::{
        invitations,
        sessions::session,
        users::{self, service::NewUser},
    },
    app_state::AppState,
    auth::secret,
    clock,
    config::SignUp as Policy,
    db::transaction,
    error::ApiError,
};

/// Creates an account. With an invitation, the account becomes a member of the store and is signed in;
/// returns the session's token. Without one, the result does not reveal whether the e-mail address had an
/// account already: the client signs in with the password next.
///
/// # Errors
/// `ApiError::Forbidden` when sign-up needs an invitation, or the invitation is for another e-mail address;
/// `ApiError::NotFound` when the invitation is unknown or has expired; `ApiError::Conflict` when an invited
/// e-mail address has an account already.
pub async fn sign_up(
    state: &AppState,
    request: SignUp,
    user_agent: Option<String>,
) -> Result<Option<String>, ApiError> {
    if request.invitation.is_none() && state.config.sign_up != Policy::Open {
        return Err(ApiError::Forbidden("Accounts are created by invitation here.".into()));
    }
    let SignUp { email, password, name, invitation } = request;
    // Hashed in any case, so that the response time does not reveal whether the account exists.
    let password_hash = Some(secret::hash_password(password.into_string()).await?);
    let new = NewUser {
        email,
        name,
        avatar_url: None,
        password_hash,
        is_admin: false,
        created_at: clock::now(),
        last_sign_in_at: None,
    };
    let Some(token) = invitation else {
        let created = transaction::write(&state.db, |tx| {
            let new = new.clone();
            Box::pin(async move {
                let user = users::service::create_in(tx, new).await?;
                users::writes::doubt(tx, user.id).await
            })
        });
        return match created.await {
            Ok(()) | Err(ApiError::EmailTaken) => Ok(None),
            Err(error) => Err(error),
        };
    };
    let days = state.config.session_days;
    let session = transaction::write(&state.db, |tx| {
        let (new, token, user_agent) = (new.clone(), token.clone(), user_agent.clone());
        Box::pin(async move {
            let email = new.email.clone();
            // Checked before the account: without an invitation, nothing about accounts is revealed.
            invitations::service::offer(tx, &token).await?;
            let user = users::service::create_in(tx, new).await.map_err(|error| match error {
                ApiError::EmailTaken => ApiError::Conflict(
                    "There is an account of this address. Sign in to accept the invitation.",
                ),
                error => error,
            })?;
            invitations::service::accept(tx, &token, user.id, Some(&email)).await?;
            session::begin(tx, days, user.id, user_agent).await
        })
    })
    .await?;
    Ok(Some(session))
}
