//! Saving, renaming and deleting views.

use fanbase_domain::{
    ids::{StoreId, ViewId},
    time::Timestamp,
    wire::views::{MAX_VIEWS, NewView, ViewPatch, ViewResponse},
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
};
use uuid::Uuid;

use crate::{
    clock,
    db::{
        Db,
        entities::saved_views::{ActiveModel, Column, Entity, Model},
        sql::Sql,
    },
    error::ApiError,
};

const TAKEN: ApiError = ApiError::NameTaken("The store has a view of this name.");

/// All views of a store, by name.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl ConnectionTrait, store_id: StoreId) -> Result<Vec<ViewResponse>, ApiError> {
    let views = Entity::in_store(store_id).order_by_asc(Column::NameKey).all(db).await?;
    Ok(views.into_iter().map(response).collect())
}

/// Saves a view.
///
/// # Errors
/// When the store has one of this name, or as many as it may have.
pub async fn create(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    new: NewView,
) -> Result<ViewResponse, ApiError> {
    if Entity::in_store(store_id).count(db).await? >= MAX_VIEWS {
        return Err(ApiError::Conflict("The store has as many views as it may have. Delete one first."));
    }
    let now = clock::now().millis();
    let view = ActiveModel {
        store_id: Set(store_id.uuid()),
        id: Set(Uuid::now_v7()),
        name: Set(new.name.name().to_owned()),
        name_key: Set(new.name.key().to_owned()),
        query: Set(new.query),
        created_at: Set(now),
        updated_at: Set(now),
    };
    Ok(response(view.insert(db).await.map_err(|error| ApiError::on_unique(error, TAKEN))?))
}

/// Changes a view.
///
/// # Errors
/// When there is none, or another view has the name.
pub async fn patch(
    db: &Db,
    store_id: StoreId,
    id: ViewId,
    patch: ViewPatch,
) -> Result<ViewResponse, ApiError> {
    let found = Entity::in_store(store_id).filter(Column::Id.eq(id.uuid())).one(db.read()).await?;
    let mut view = found.ok_or(ApiError::NotFound("view"))?.into_active_model();
    let ViewPatch { name, query } = patch;
    if let Some(name) = name {
        view.name = Set(name.name().to_owned());
        view.name_key = Set(name.key().to_owned());
    }
    if let Some(query) = query {
        view.query = Set(query);
    }
    view.updated_at = Set(clock::now().millis());
    match view.update(db.write()).await {
        Ok(view) => Ok(response(view)),
        // Somebody deleted it this very moment.
        Err(DbErr::RecordNotUpdated) => Err(ApiError::NotFound("view")),
        Err(error) => Err(ApiError::on_unique(error, TAKEN)),
    }
}

/// Deletes a view.
///
/// # Errors
/// When there is none.
pub async fn delete(db: &Db, store_id: StoreId, id: ViewId) -> Result<(), ApiError> {
    let mut sql = Sql::new("DELETE FROM saved_views WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND id = ").bind(id.uuid());
    match sql.execute(db.write()).await?.rows_affected() {
        0 => Err(ApiError::NotFound("view")),
        _ => Ok(()),
    }
}

fn response(model: Model) -> ViewResponse {
    ViewResponse {
        id: ViewId::new(model.id),
        name: model.name,
        query: model.query,
        created_at: Timestamp::from_millis(model.created_at),
        updated_at: Timestamp::from_millis(model.updated_at),
    }
}
