//! Creating and changing stores.

use fanbase_domain::{
    ids::{StoreId, UserId},
    store::Store,
    wire::stores::{NewStore, StorePatch},
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};
use uuid::Uuid;

use super::queries;
use crate::{
    clock,
    db::{
        Db,
        entities::{store_members, stores},
        sql::Sql,
        transaction,
    },
    error::ApiError,
};

/// Creates a store that an account owns.
///
/// # Errors
/// When the slug is taken.
pub async fn create(db: &Db, new: NewStore, owner: UserId) -> Result<Store, ApiError> {
    let now = clock::now();
    let id = StoreId::new(Uuid::now_v7());
    transaction::write(db, |tx| {
        let new = new.clone();
        Box::pin(async move {
            let store = stores::ActiveModel {
                id: Set(id.uuid()),
                name: Set(new.name),
                slug: Set(new.slug),
                currency: Set(new.currency.to_string()),
                version: Set(1),
                created_at: Set(now.millis()),
            };
            let store = store.insert(tx).await.map_err(|error| {
                ApiError::on_unique(error, ApiError::NameTaken("Another store has this slug."))
            })?;
            let member = store_members::ActiveModel {
                store_id: Set(id.uuid()),
                user_id: Set(owner.uuid()),
                role: Set("owner".to_owned()),
                created_at: Set(now.millis()),
            };
            member.insert(tx).await?;
            Ok(queries::store(store)?)
        })
    })
    .await
}

/// Changes a store that was read in `version`.
///
/// # Errors
/// When it was changed since.
pub async fn patch(db: &Db, id: StoreId, version: i64, patch: StorePatch) -> Result<Store, ApiError> {
    let mut sql = Sql::new("UPDATE stores SET version = version + 1");
    if let Some(name) = patch.name {
        sql.push(", name = ").bind(name);
    }
    sql.push(" WHERE id = ").bind(id.uuid()).push(" AND version = ").bind(version);
    if sql.execute(db.write()).await?.rows_affected() == 0 {
        return Err(ApiError::VersionMismatch);
    }
    queries::find(db.write(), id).await
}
