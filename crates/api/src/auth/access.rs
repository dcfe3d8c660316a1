//! What credentials stand for. Every request asks for it, so it is remembered.

use std::sync::Arc;

use fanbase_domain::{
    ids::{ApiKeyId, StoreId, UserId},
    role::Role,
    store::Store,
    time::Timestamp,
    wire::api_keys::Scope,
};
use sea_orm::FromQueryResult as _;
use uuid::Uuid;

use crate::{
    api_keys, clock,
    db::{Db, entities::stores::Model, memory::Memory, sql::Sql, version::Version},
    error::ApiError,
    stores::queries::{store, with_role},
};

/// How many credentials are remembered.
const REMEMBERED: usize = 10_000;

/// The credentials that are remembered.
#[derive(Debug)]
pub struct Access {
    keys: Memory<Vec<u8>, Arc<Key>>,
    sessions: Memory<Vec<u8>, Session>,
    members: Memory<(UserId, StoreId), Arc<(Store, Role)>>,
}

/// An API key that is not revoked.
#[derive(Debug)]
pub struct Key {
    /// Its id.
    pub id: ApiKeyId,
    /// Its store.
    pub store: Store,
    /// What it may do.
    pub scopes: Vec<Scope>,
    expires_at: Option<Timestamp>,
}

/// A sign-in that is not ended by hand.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    /// Of whom.
    pub user: UserId,
    /// Whether the account is suspended.
    pub suspended: bool,
    expires_at: Timestamp,
}

impl Default for Access {
    fn default() -> Self {
        Self {
            keys: Memory::new(REMEMBERED),
            sessions: Memory::new(REMEMBERED),
            members: Memory::new(REMEMBERED),
        }
    }
}

impl Access {
    /// The API key of a hash.
    ///
    /// # Errors
    /// When there is none, or it was revoked or has expired.
    pub async fn key(&self, db: &Db, version: &Version, hash: Vec<u8>) -> Result<Arc<Key>, ApiError> {
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
                scopes: api_keys::service::scopes(&row.try_get::<String>("", "scopes")?)?,
                expires_at: expires_at.map(Timestamp::from_millis),
            }))
        };
        let key = self.keys.of(version, hash.clone(), read).await?;
        if key.expires_at.is_some_and(|end| end <= clock::now()) { Err(NONE) } else { Ok(key) }
    }

    /// The sign-in of the hash of a cookie.
    ///
    /// # Errors
    /// When there is none, or it has ended.
    pub async fn session(&self, db: &Db, version: &Version, hash: Vec<u8>) -> Result<Session, ApiError> {
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
        let session = self.sessions.of(version, hash.clone(), read).await?;
        if session.expires_at <= clock::now() { Err(NONE) } else { Ok(session) }
    }

    /// A store and the role of a member.
    ///
    /// # Errors
    /// When the person is no member of it.
    pub async fn member(
        &self,
        db: &Db,
        version: &Version,
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
        self.members.of(version, (user, store_id), read).await
    }
}
