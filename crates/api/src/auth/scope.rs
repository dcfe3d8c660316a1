//! The extractor of every route of a store: authenticates, authorises and loads the store. A store of others
//! yields 404, as one that does not exist.

use std::marker::PhantomData;

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use fanbase_domain::{
    ids::{ApiKeyId, StoreId, UserId},
    role::{Permission, Role},
    store::Store,
    wire::api_keys::Scope,
};

use super::identity::{self, Credential};
use crate::{
    app_state::AppState,
    clock,
    error::ApiError,
    http::authorize_first::{self, Extracting},
    request_context::{self, Actor},
};

/// The requirements of a route.
pub trait Needs {
    /// The permission that a user's role needs.
    const PERMISSION: Permission;
    /// The scope that an API key needs; `None` if API keys cannot use the route.
    const SCOPE: Option<Scope>;
}

macro_rules! needs {
    ($($(#[$doc:meta])* $name:ident = $permission:ident, $scope:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl Needs for $name {
            const PERMISSION: Permission = Permission::$permission;
            const SCOPE: Option<Scope> = $scope;
        }
    )*};
}

needs! {
    /// Read the store's data.
    Read = Read, Some(Scope::FansRead);
    /// See the store's revenue.
    SeeMoney = SeeMoney, Some(Scope::FansRead);
    /// Change customers, and tags, notes and fields that describe them.
    Write = Edit, Some(Scope::FansWrite);
    /// Report products, enrolments, purchases and subscriptions.
    Report = Edit, Some(Scope::EventsWrite);
    /// Import and undo imports.
    Import = Import, Some(Scope::ImportsWrite);
    /// Export the audience as a file.
    Export = Export, Some(Scope::FansRead);
    /// Manage the store itself: settings, keys, audit log.
    Manage = ManageStore, None;
    /// Only for members, not for API keys.
    Belong = Read, None;
    /// Manage the members.
    ManageMembers = ManageMembers, None;
}

/// A store, and proof that the caller may do `P` in it.
#[derive(Debug)]
pub struct StoreScope<P> {
    /// The store.
    pub store: Store,
    /// The caller.
    pub actor: Actor,
    /// The role of a user; API keys have no role.
    pub role: Option<Role>,
    permission: PhantomData<P>,
}

impl<P> StoreScope<P> {
    /// The id of the store.
    #[must_use]
    pub fn id(&self) -> StoreId {
        self.store.id
    }

    /// Whether the caller may see revenue. API keys may, as their creators could.
    #[must_use]
    pub fn sees_money(&self) -> bool {
        self.role.is_none_or(|role| role.may(Permission::SeeMoney))
    }
}

impl<P: Needs + 'static> FromRequest for StoreScope<P> {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<Data<AppState>>().cloned();
        let credential = identity::credential(request);
        let store_id = request.match_info().get("store_id").and_then(|id| id.parse::<StoreId>().ok());
        authorize_first::decide(request, async move {
            let state = state.ok_or_else(|| ApiError::Internal("the server has no state".to_owned()))?;
            let credential = credential?;
            let (store, actor, role) = match credential {
                Credential::ApiKey(hash) => {
                    let (store, key) = of_key(&state, hash, store_id, P::SCOPE).await?;
                    (store, Actor::ApiKey(key), None)
                }
                credential => {
                    let user = identity::user(&state, credential).await?;
                    let (store, role) = of_member(&state, user, store_id, P::PERMISSION).await?;
                    (store, Actor::User(user), Some(role))
                }
            };
            Ok(Self { store, actor, role, permission: PhantomData })
        })
    }
}

async fn of_key(
    state: &AppState,
    hash: Vec<u8>,
    store_id: Option<StoreId>,
    scope: Option<Scope>,
) -> Result<(Store, ApiKeyId), ApiError> {
    let key = state.access.key(&state.db, hash).await?;
    if Some(key.store.id) != store_id {
        return Err(ApiError::NotFound("store"));
    }
    match scope {
        None => return Err(ApiError::Forbidden("API keys cannot do this. Sign in.".into())),
        Some(scope) if !key.scopes.contains(&scope) => {
            return Err(ApiError::Forbidden(format!("The API key lacks the scope {scope}.").into()));
        }
        Some(_) => {}
    }
    request_context::acts(Actor::ApiKey(key.id));
    state.last_used.note(&state.db, key.store.id, key.id, clock::now());
    Ok((key.store.clone(), key.id))
}

async fn of_member(
    state: &AppState,
    user: UserId,
    store_id: Option<StoreId>,
    permission: Permission,
) -> Result<(Store, Role), ApiError> {
    let store_id = store_id.ok_or(ApiError::NotFound("store"))?;
    let (store, role) = &*state.access.member(&state.db, user, store_id).await?;
    if !role.may(permission) {
        let detail = format!("Your role in this store, {role}, does not allow this: it needs {permission}.");
        return Err(ApiError::Forbidden(detail.into()));
    }
    Ok((store.clone(), *role))
}

/// A signed-in user, on routes outside of stores.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn(pub UserId);

impl FromRequest for SignedIn {
    type Error = ApiError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<Data<AppState>>().cloned();
        let credential = identity::credential(request);
        authorize_first::decide(request, async move {
            let state = state.ok_or_else(|| ApiError::Internal("the server has no state".to_owned()))?;
            Ok(Self(identity::person(&state, credential?).await?))
        })
    }
}
