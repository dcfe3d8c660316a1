//! SQL of stores.

use fanbase_domain::{
    ids::{StoreId, UserId},
    role::Role,
    store::Store,
    time::Timestamp,
    wire::admin::{ConnectStatus, ConnectionResponse},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use crate::{
    db::{
        column::known,
        entities::stores::{Column, Entity, store, with_role},
        is_sqlite,
        sql::Sql,
    },
    error::ApiError,
};

/// Reads one store.
///
/// # Errors
/// `ApiError::NotFound` when there is no such store.
pub async fn find(db: &impl ConnectionTrait, id: StoreId) -> Result<Store, ApiError> {
    let model = Entity::find_by_id(id.uuid()).one(db).await?.ok_or(ApiError::NotFound("store"))?;
    Ok(store(model)?)
}

/// Finds the store that a command-line argument names, by slug or id.
///
/// # Errors
/// `ApiError::NotFound` when there is no such store.
pub async fn find_named(db: &impl ConnectionTrait, name: &str) -> Result<Store, ApiError> {
    let query = match Uuid::parse_str(name) {
        Ok(id) => Entity::find_by_id(id),
        Err(_) => Entity::find().filter(Column::Slug.eq(name)),
    };
    Ok(store(query.one(db).await?.ok_or(ApiError::NotFound("store"))?)?)
}

/// The stores that an account is a member of, by name, with its role in each.
///
/// # Errors
/// When the database fails.
pub async fn of_user(db: &impl ConnectionTrait, user_id: UserId) -> Result<Vec<(Store, Role)>, ApiError> {
    let mut sql = Sql::new(
        "SELECT s.*, m.role FROM stores s JOIN store_members m ON m.store_id = s.id WHERE m.user_id = ",
    );
    sql.bind(user_id.uuid()).push(" ORDER BY s.name, s.id");
    Ok(sql.all(db).await?.iter().map(with_role).collect::<Result<_, _>>()?)
}

/// The Stripe connection of a store. On PostgreSQL its row is locked until the transaction ends.
///
/// # Errors
/// `ApiError::NotFound` when there is no such store.
pub async fn connection(db: &impl ConnectionTrait, id: StoreId) -> Result<ConnectionResponse, ApiError> {
    let mut sql = Sql::new(
        "SELECT stripe_account, takes_platform_events, connect_status, connect_told_at FROM stores WHERE id = ",
    );
    sql.bind(id.uuid());
    if !is_sqlite(db) {
        sql.push(" FOR UPDATE");
    }
    let row = sql.one(db).await?.ok_or(ApiError::NotFound("store"))?;
    let status = ConnectStatus::parse(&row.try_get_by_index::<String>(2)?);
    Ok(ConnectionResponse {
        id,
        stripe_account: row.try_get_by_index(0)?,
        takes_platform_events: row.try_get_by_index(1)?,
        connect: known(status, "connect_status")?,
        connect_told_at: row.try_get_by_index::<Option<i64>>(3)?.map(Timestamp::from_millis),
    })
}
