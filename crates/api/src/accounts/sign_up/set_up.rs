//! The first account of an empty server, created by a single-use link that the server prints at its start.

use fanbase_domain::{
    email::Email,
    field_errors::FieldErrors,
    store::Creators,
    wire::{
        auth::{SetUpRequest, SignUp, SignUpRequest},
        stores::NewStore,
    },
};
use sea_orm::{ConnectionTrait, Value};

use crate::{
    accounts::{
        sessions::session,
        stores,
        users::{self, service::NewUser},
    },
    app_state::AppState,
    auth::secret,
    clock,
    db::{Db, sql::Sql, transaction},
    error::ApiError,
};

/// The setting that stores the hash of the link's secret.
const SETTING: &str = "set_up_token";
const GONE: ApiError = ApiError::NotFound("set-up link");

/// Creates a secret for the set-up link, if there is no account yet. Invalidates the previous one.
///
/// # Errors
/// When the database fails.
pub async fn offer(db: &Db) -> Result<Option<String>, ApiError> {
    if !is_empty(db.read()).await? {
        return Ok(None);
    }
    let token = secret::random();
    let mut sql = Sql::new("INSERT INTO settings (name, value) VALUES (");
    sql.bind(SETTING).push(", ").bind(Value::from(secret::hash(&token)));
    sql.push(") ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    sql.execute(db.write()).await?;
    Ok(Some(token))
}

/// Whether there are no accounts.
///
/// # Errors
/// When the database fails.
pub async fn is_empty(db: &impl ConnectionTrait) -> Result<bool, ApiError> {
    Ok(Sql::new("SELECT id FROM users LIMIT 1").one(db).await?.is_none())
}

/// The first account and its store, validated.
#[derive(Clone)]
pub struct SetUp {
    token: String,
    account: SignUp,
    store: NewStore,
    creators: Creators,
}

impl TryFrom<SetUpRequest> for SetUp {
    type Error = FieldErrors;

    fn try_from(request: SetUpRequest) -> Result<Self, FieldErrors> {
        let SetUpRequest { token, email, password, name, store, creators } = request;
        let account = SignUp::try_from(SignUpRequest { email, password, name, invitation: None });
        let store = NewStore::try_from(store);
        match (account, store) {
            (Ok(account), Ok(store)) => Ok(Self { token, account, store, creators }),
            (account, store) => {
                let mut errors = account.err().unwrap_or_default();
                for error in store.err().unwrap_or_default().into_vec() {
                    errors.add(format!("/store{}", error.pointer), &error.code, error.message);
                }
                Err(errors)
            }
        }
    }
}

/// Creates the first account, as an admin of the platform, and its store; signs in, and invalidates the link.
/// Returns the token of the session.
///
/// # Errors
/// `ApiError::NotFound` when the link is invalid, or there is an account already.
pub async fn complete(
    state: &AppState,
    set_up: SetUp,
    user_agent: Option<String>,
) -> Result<String, ApiError> {
    let SetUp { token, account, store, creators } = set_up;
    if !is_empty(state.db.read()).await? {
        return Err(GONE);
    }
    let password_hash = Some(secret::hash_password(account.password.into_string()).await?);
    let email: Email = account.email;
    let new = NewUser {
        email,
        name: account.name,
        avatar_url: None,
        password_hash,
        is_admin: true,
        created_at: clock::now(),
        last_sign_in_at: None,
    };
    let days = state.config.session_days;
    transaction::write(&state.db, |tx| {
        let (new, store, user_agent) = (new.clone(), store.clone(), user_agent.clone());
        let hash = secret::hash(&token);
        Box::pin(async move {
            let mut sql = Sql::new("DELETE FROM settings WHERE name = ");
            sql.bind(SETTING).push(" AND value = ").bind(hash);
            if sql.execute(tx).await?.rows_affected() == 0 || !is_empty(tx).await? {
                return Err(GONE);
            }
            stores::creators::set_in(tx, creators).await?;
            let user = users::service::create_in(tx, new).await?;
            stores::service::create_in(tx, store, user.id).await?;
            session::begin(tx, days, user.id, user_agent).await
        })
    })
    .await
}
