//! Creating and revoking API keys.

use fanbase_domain::{
    ids::{ApiKeyId, StoreId},
    time::Timestamp,
    wire::api_keys::{ApiKeyResponse, CreatedApiKeyResponse, NewApiKey, Scope},
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, DbErr};
use uuid::Uuid;

use crate::{
    auth::secret,
    clock,
    customers::rows::known,
    db::{
        Db,
        entities::api_keys::{self, Model},
        sql::Sql,
    },
    error::ApiError,
};

/// How every secret starts, so that a leaked one can be recognised.
pub const PREFIX: &str = "fb_";

/// Creates a key; the secret is returned this once.
///
/// # Errors
/// When the database fails.
pub async fn create(db: &Db, store_id: StoreId, new: NewApiKey) -> Result<CreatedApiKeyResponse, ApiError> {
    let secret = format!("{PREFIX}{}", secret::random());
    let scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.as_str()).collect();
    let model = api_keys::ActiveModel {
        store_id: Set(store_id.uuid()),
        id: Set(Uuid::now_v7()),
        name: Set(new.name),
        prefix: Set(secret.chars().take(8).collect()),
        secret_hash: Set(secret::hash(&secret)),
        scopes: Set(scopes.join(" ")),
        created_at: Set(clock::now().millis()),
        last_used_at: Set(None),
        revoked_at: Set(None),
    };
    let key = response(model.insert(db.write()).await?)?;
    Ok(CreatedApiKeyResponse { key, secret })
}

/// Revokes a key. Revoking again changes nothing.
///
/// # Errors
/// When the store has no such key.
pub async fn revoke(db: &Db, store_id: StoreId, id: ApiKeyId) -> Result<(), ApiError> {
    let mut sql = Sql::new("UPDATE api_keys SET revoked_at = COALESCE(revoked_at, ");
    sql.bind(clock::now().millis()).push(") WHERE store_id = ").bind(store_id.uuid());
    sql.push(" AND id = ").bind(id.uuid());
    match sql.execute(db.write()).await?.rows_affected() {
        0 => Err(ApiError::NotFound("API key")),
        _ => Ok(()),
    }
}

/// What is told of a key.
///
/// # Errors
/// When a scope is none.
pub fn response(model: Model) -> Result<ApiKeyResponse, DbErr> {
    Ok(ApiKeyResponse {
        id: ApiKeyId::new(model.id),
        name: model.name,
        prefix: model.prefix,
        scopes: scopes(&model.scopes)?,
        created_at: Timestamp::from_millis(model.created_at),
        last_used_at: model.last_used_at.map(Timestamp::from_millis),
        revoked_at: model.revoked_at.map(Timestamp::from_millis),
    })
}

/// The scopes of a row.
///
/// # Errors
/// When one is none.
pub fn scopes(text: &str) -> Result<Vec<Scope>, DbErr> {
    text.split_whitespace().map(|scope| known(Scope::parse(scope), "scopes")).collect()
}
