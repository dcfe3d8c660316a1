//! A cache of credentials, which every request looks up: entries live for a few seconds.
//!
//! The process that revokes a credential clears its cache at once ([`CredentialCache::clear`]). Other servers
//! on the same database accept the credential for up to [`LIFETIME`] longer.

use std::{
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use fanbase_domain::{
    ids::{ApiKeyId, StoreId, UserId},
    role::Role,
    store::Store,
    time::Timestamp,
    wire::api_keys::Scope,
};
use moka::sync::Cache;
use sea_orm::FromQueryResult as _;
use uuid::Uuid;

use crate::{
    clock,
    db::{
        Db,
        entities::{
            api_keys,
            stores::{Model, store, with_role},
        },
        sql::Sql,
    },
    error::ApiError,
};

/// Maximum entries of each kind.
const CAPACITY: u64 = 10_000;
/// The time to live of an entry.
pub const LIFETIME: Duration = Duration::from_secs(5);

/// API keys, sessions and memberships that were read in the last few seconds.
#[derive(Debug)]
pub struct CredentialCache {
    keys: Cache<Vec<u8>, Arc<Key>>,
    sessions: Cache<Vec<u8>, Session>,
    members: Cache<(UserId, StoreId), Arc<(Store, Role)>>,
    /// The number of times that the cache was cleared.
    generation: AtomicU64,
}

/// An API key that is not revoked.
#[derive(Debug)]
pub struct Key {
    /// Its id.
    pub id: ApiKeyId,
    /// Its store.
    pub store: Store,
    /// Its scopes.
    pub scopes: Vec<Scope>,
    expires_at: Option<Timestamp>,
}

/// A session that was not signed out.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    /// The account.
    pub user: UserId,
    /// Whether the account is suspended.
    pub suspended: bool,
    expires_at: Timestamp,
}

impl Default for CredentialCache {
    fn default() -> Self {
        Self { keys: cache(), sessions: cache(), members: cache(), generation: AtomicU64::default() }
    }
}

fn cache<K: Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static>() -> Cache<K, V> {
    Cache::builder().max_capacity(CAPACITY).time_to_live(LIFETIME).build()
}

impl CredentialCache {
    /// Clears the cache. Call it after a commit that ends a session, revokes or changes a key, or changes a
    /// membership, an account's suspension, or a store. The next request of each credential reads the
    /// database.
    pub fn clear(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.keys.invalidate_all();
        self.sessions.invalidate_all();
        self.members.invalidate_all();
    }

    /// The cached value; otherwise the result of `read`, which is then cached.
    async fn cached<K: Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static>(
        &self,
        cache: &Cache<K, V>,
        key: K,
        read: impl Future<Output = Result<V, ApiError>>,
    ) -> Result<V, ApiError> {
        if let Some(value) = cache.get(&key) {
            return Ok(value);
        }
        let generation = self.generation.load(Ordering::SeqCst);
        let value = read.await?;
        // A value that was read before the cache was cleared must not get into it.
        if self.generation.load(Ordering::SeqCst) == generation {
            cache.insert(key, value.clone());
        }
        Ok(value)
    }

    /// Finds an API key by its hash.
    ///
    /// # Errors
    /// [`ApiError::Unauthenticated`] when the key is unknown, revoked or expired.
    pub async fn key(&self, db: &Db, hash: Vec<u8>) -> Result<Arc<Key>, ApiError> {
        const NONE: ApiError =
            ApiError::Unauthenticated("The API key is not valid, was revoked or has expired.");
        let read = async {
            let mut sql = Sql::new(
                "SELECT s.*, k.id AS key_id, k.scopes, k.expires_at
                 FROM api_keys k JOIN stores s ON s.id = k.store_id
                 WHERE k.revoked_at IS NULL AND k.secret_hash = ",
            );
            sql.bind(hash.clone());
            let row = sql.one(db.read()).await?.ok_or(NONE)?;
            let expires_at: Option<i64> = row.try_get("", "expires_at")?;
            Ok::<_, ApiError>(Arc::new(Key {
                id: ApiKeyId::new(row.try_get::<Uuid>("", "key_id")?),
                store: store(Model::from_query_result(&row, "")?)?,
                scopes: api_keys::scopes(&row.try_get::<String>("", "scopes")?)?,
                expires_at: expires_at.map(Timestamp::from_millis),
            }))
        };
        let key = self.cached(&self.keys, hash.clone(), read).await?;
        if key.expires_at.is_some_and(|end| end <= clock::now()) { Err(NONE) } else { Ok(key) }
    }

    /// Finds a session by the hash of its token.
    ///
    /// # Errors
    /// [`ApiError::Unauthenticated`] when the session is unknown or has ended.
    pub async fn session(&self, db: &Db, hash: Vec<u8>) -> Result<Session, ApiError> {
        const NONE: ApiError = ApiError::Unauthenticated("Your sign-in has ended. Sign in again.");
        let read = async {
            let mut sql = Sql::new(
                "SELECT s.user_id, u.suspended_at IS NOT NULL, s.expires_at
                 FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = ",
            );
            sql.bind(hash.clone());
            let row = sql.one(db.read()).await?.ok_or(NONE)?;
            Ok::<_, ApiError>(Session {
                user: UserId::new(row.try_get_by_index::<Uuid>(0)?),
                suspended: row.try_get_by_index(1)?,
                expires_at: Timestamp::from_millis(row.try_get_by_index(2)?),
            })
        };
        let session = self.cached(&self.sessions, hash.clone(), read).await?;
        if session.expires_at <= clock::now() { Err(NONE) } else { Ok(session) }
    }

    /// A store and the role of its member.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when the user is not a member of the store.
    pub async fn member(
        &self,
        db: &Db,
        user: UserId,
        store_id: StoreId,
    ) -> Result<Arc<(Store, Role)>, ApiError> {
        let read = async {
            let mut sql = Sql::new(
                "SELECT s.*, m.role FROM stores s JOIN store_members m ON m.store_id = s.id WHERE m.user_id = ",
            );
            sql.bind(user.uuid()).push(" AND m.store_id = ").bind(store_id.uuid());
            let row = sql.one(db.read()).await?.ok_or(ApiError::NotFound("store"))?;
            Ok::<_, ApiError>(Arc::new(with_role(&row)?))
        };
        self.cached(&self.members, (user, store_id), read).await
    }
}
