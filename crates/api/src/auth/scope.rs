//! The extractor on every route of a store: authenticates, checks what is allowed, and
//! loads the store. What is foreign does not exist.

use std::marker::PhantomData;

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use fanbase_domain::{
    ids::{ApiKeyId, StoreId},
    store::Store,
    wire::api_keys::Scope,
};
use sea_orm::FromQueryResult as _;
use uuid::Uuid;

use super::{
    first::{self, Extracting},
    identity::{self, Actor, Credential},
};
use crate::{
    api_keys, clock,
    db::{entities::stores::Model, sql::Sql},
    error::ApiError,
    http::state::AppState,
    stores::queries::store,
};

/// What a route needs to be allowed.
pub trait Permission {
    /// The scope that an API key needs; `None` when only people may.
    const SCOPE: Option<Scope>;
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $scope:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl Permission for $name {
            const SCOPE: Option<Scope> = $scope;
        }
    )*};
}

permissions! {
    /// Read what the store knows.
    Read = Some(Scope::FansRead);
    /// Change customers and what describes them.
    Write = Some(Scope::FansWrite);
    /// Import and undo imports.
    Import = Some(Scope::ImportsWrite);
    /// Manage the store itself: settings and keys.
    Manage = None;
}

/// A store, and who may do `P` in it.
#[derive(Debug)]
pub struct StoreScope<P> {
    /// The store.
    pub store: Store,
    /// Who asks.
    pub actor: Actor,
    permission: PhantomData<P>,
}

impl<P> StoreScope<P> {
    /// The id of the store.
    #[must_use]
    pub fn id(&self) -> StoreId {
        self.store.id
    }
}

impl<P: Permission + 'static> FromRequest for StoreScope<P> {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<Data<AppState>>().cloned();
        let credential = identity::credential(request);
        let store_id = request.match_info().get("store_id").and_then(|id| id.parse::<StoreId>().ok());
        first::decide(request, async move {
            let state = state.ok_or_else(|| ApiError::Internal("the server has no state".to_owned()))?;
            let (store, actor) = match credential? {
                Credential::ApiKey(hash) => of_key(&state, hash, store_id, P::SCOPE).await?,
                Credential::Session(hash) => of_session(&state, hash, store_id).await?,
            };
            Ok(Self { store, actor, permission: PhantomData })
        })
    }
}

async fn of_key(
    state: &AppState,
    hash: Vec<u8>,
    store_id: Option<StoreId>,
    scope: Option<Scope>,
) -> Result<(Store, Actor), ApiError> {
    let mut sql = Sql::new(
        "SELECT s.*, k.id AS key_id, k.scopes FROM api_keys k JOIN stores s ON s.id = k.store_id
         WHERE k.revoked_at IS NULL AND k.secret_hash = ",
    );
    sql.bind(hash);
    let row = sql.one(state.db.read()).await?;
    let row = row.ok_or(ApiError::Unauthenticated("The API key is not valid, or was revoked."))?;
    let store = store(Model::from_query_result(&row, "")?)?;
    if Some(store.id) != store_id {
        return Err(ApiError::NotFound("store"));
    }
    let scopes = api_keys::service::scopes(&row.try_get::<String>("", "scopes")?)?;
    match scope {
        None => return Err(ApiError::Forbidden("API keys cannot do this. Sign in.")),
        Some(scope) if !scopes.contains(&scope) => {
            return Err(ApiError::Forbidden(match scope {
                Scope::FansRead => "The API key lacks the scope fans:read.",
                Scope::FansWrite => "The API key lacks the scope fans:write.",
                Scope::ImportsWrite => "The API key lacks the scope imports:write.",
            }));
        }
        Some(_) => {}
    }
    let key = ApiKeyId::new(row.try_get::<Uuid>("", "key_id")?);
    state.last_used.note(&state.db, store.id, key, clock::now());
    Ok((store, Actor::ApiKey(key)))
}

async fn of_session(
    state: &AppState,
    hash: Vec<u8>,
    store_id: Option<StoreId>,
) -> Result<(Store, Actor), ApiError> {
    let user = identity::session_user(state, hash).await?;
    let store_id = store_id.ok_or(ApiError::NotFound("store"))?;
    let mut sql =
        Sql::new("SELECT s.* FROM stores s JOIN store_members m ON m.store_id = s.id WHERE m.user_id = ");
    sql.bind(user.uuid()).push(" AND m.store_id = ").bind(store_id.uuid());
    let row = sql.one(state.db.read()).await?.ok_or(ApiError::NotFound("store"))?;
    Ok((store(Model::from_query_result(&row, "")?)?, Actor::User(user)))
}

/// A person who is signed in, on routes outside of stores.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn(pub fanbase_domain::ids::UserId);

impl FromRequest for SignedIn {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<Data<AppState>>().cloned();
        let credential = identity::credential(request);
        first::decide(request, async move {
            let state = state.ok_or_else(|| ApiError::Internal("the server has no state".to_owned()))?;
            match credential? {
                Credential::Session(hash) => Ok(Self(identity::session_user(&state, hash).await?)),
                Credential::ApiKey(_) => Err(ApiError::Forbidden("API keys belong to one store. Sign in.")),
            }
        })
    }
}
