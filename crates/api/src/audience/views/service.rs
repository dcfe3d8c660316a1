//! Saves, changes and deletes views.

use fanbase_domain::{
    ids::{StoreId, ViewId},
    time::Timestamp,
    wire::{
        audit::AuditAction,
        views::{MAX_VIEWS, NewView, ViewPatch, ViewResponse},
    },
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryOrder as _,
};
use uuid::Uuid;

use crate::{
    clock,
    db::{
        Db,
        audit_log::Entry,
        entities::saved_views::{ActiveModel, Column, Entity, Model},
        transaction,
    },
    error::ApiError,
};

const TAKEN: ApiError = ApiError::NameTaken("The store has a view of this name.");

/// All views of a store, by name.
///
/// # Errors
/// [`ApiError::Database`] when the database fails.
pub async fn list(db: &impl ConnectionTrait, store_id: StoreId) -> Result<Vec<ViewResponse>, ApiError> {
    let views = Entity::in_store(store_id).order_by_asc(Column::NameKey).all(db).await?;
    Ok(views.into_iter().map(response).collect())
}

/// Saves a view.
///
/// # Errors
/// [`ApiError::NameTaken`] when the store has a view of this name, [`ApiError::Conflict`] when it has too
/// many.
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
    let view = response(view.insert(db).await.map_err(|error| ApiError::on_unique(error, TAKEN))?);
    let entry = Entry::of_store(store_id, AuditAction::ViewCreated).to(view.id.uuid());
    entry.after(&view)?.record(db).await?;
    Ok(view)
}

/// Changes a view.
///
/// # Errors
/// [`ApiError::NotFound`], or [`ApiError::NameTaken`] when another view has the name.
pub async fn patch(
    db: &Db,
    store_id: StoreId,
    id: ViewId,
    patch: ViewPatch,
) -> Result<ViewResponse, ApiError> {
    transaction::write(db, |tx| {
        let ViewPatch { name, query } = patch.clone();
        Box::pin(async move {
            let before = find(tx, store_id, id).await?;
            let mut view = before.clone().into_active_model();
            if let Some(name) = name {
                view.name = Set(name.name().to_owned());
                view.name_key = Set(name.key().to_owned());
            }
            if let Some(query) = query {
                view.query = Set(query);
            }
            view.updated_at = Set(clock::now().millis());
            let view = match view.update(tx).await {
                Ok(view) => response(view),
                // Another transaction deleted it meanwhile.
                Err(DbErr::RecordNotUpdated) => return Err(ApiError::NotFound("view")),
                Err(error) => return Err(ApiError::on_unique(error, TAKEN)),
            };
            let entry = Entry::of_store(store_id, AuditAction::ViewUpdated).to(id.uuid());
            entry.changed(&response(before), &view)?.record(tx).await?;
            Ok(view)
        })
    })
    .await
}

/// Deletes a view.
///
/// # Errors
/// [`ApiError::NotFound`] when the store has no such view.
pub async fn delete(db: &Db, store_id: StoreId, id: ViewId) -> Result<(), ApiError> {
    transaction::write(db, |tx| {
        Box::pin(async move {
            let view = find(tx, store_id, id).await?;
            Entity::delete_by_id((store_id.uuid(), id.uuid())).exec(tx).await?;
            let entry = Entry::of_store(store_id, AuditAction::ViewDeleted).to(id.uuid());
            entry.before(&response(view))?.record(tx).await
        })
    })
    .await
}

async fn find(db: &impl ConnectionTrait, store_id: StoreId, id: ViewId) -> Result<Model, ApiError> {
    let found = Entity::find_by_id((store_id.uuid(), id.uuid())).one(db).await?;
    found.ok_or(ApiError::NotFound("view"))
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
