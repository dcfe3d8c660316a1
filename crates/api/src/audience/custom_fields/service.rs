//! Creates, renames and deletes custom fields: every attribute of a customer has a labelled field.

use std::collections::BTreeSet;

use fanbase_domain::{
    custom_field,
    ids::{CustomFieldId, StoreId},
    wire::{
        audit::AuditAction,
        custom_fields::{CustomFieldResponse, CustomFieldUsageResponse, FieldLabel},
    },
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr,
    EntityTrait as _, QueryFilter as _, QuerySelect as _,
};
use uuid::Uuid;

use super::values;
use crate::{
    db::{
        Db,
        audit_log::Entry,
        bulk::{self, OnConflict, Target, Type},
        entities::custom_fields::{ActiveModel, Column, Entity, Model},
        transaction,
    },
    error::ApiError,
};

/// An insert that skips existing keys.
pub const CUSTOM_FIELDS: Target = Target {
    table: "custom_fields",
    columns: &[
        ("store_id", Type::Uuid),
        ("id", Type::Uuid),
        ("key", Type::Text),
        ("label", Type::Text),
        ("import_id", Type::Uuid),
    ],
    on_conflict: OnConflict::Clause("ON CONFLICT (store_id, key) DO NOTHING"),
};

/// Creates the missing fields of attributes. The label is the known one of the key, else the key.
///
/// # Errors
/// [`ApiError::Validation`] when the store would have too many fields, or the database fails.
pub async fn ensure(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    keys: impl Iterator<Item = &String> + Send,
) -> Result<(), ApiError> {
    let fields: Vec<(String, String)> = keys
        .map(|key| {
            let label = custom_field::known_label(key).unwrap_or(key);
            (key.clone(), label.to_owned())
        })
        .collect();
    if fields.is_empty() {
        return Ok(());
    }
    let count = count_with(db, store_id, fields.iter().map(|(key, _)| key.as_str())).await?;
    if count > custom_field::MAX_FIELDS {
        let message = format!("A store has at most {} custom fields.", custom_field::MAX_FIELDS);
        return Err(ApiError::parameter("/attributes", "too_many_fields", &message));
    }
    Ok(ensure_labelled(db, store_id, fields, None).await?)
}

/// Creates missing fields from keys and labels, marked with the import that creates them.
///
/// # Errors
/// Returns the error of the database.
pub async fn ensure_labelled(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    fields: Vec<(String, String)>,
    import_id: Option<Uuid>,
) -> Result<(), DbErr> {
    let rows = fields.into_iter().map(|(key, label)| {
        vec![store_id.uuid().into(), Uuid::now_v7().into(), key.into(), label.into(), import_id.into()]
    });
    bulk::insert(db, &CUSTOM_FIELDS, Box::new(rows)).await?;
    Ok(())
}

/// The number of the store's fields, including the given keys.
///
/// # Errors
/// Returns the error of the database.
pub async fn count_with(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    keys: impl Iterator<Item = &str> + Send,
) -> Result<usize, DbErr> {
    let known = Entity::in_store(store_id).select_only().column(Column::Key).into_tuple::<String>();
    let mut all: BTreeSet<String> = known.all(db).await?.into_iter().collect();
    all.extend(keys.map(str::to_owned));
    Ok(all.len())
}

/// Creates a field.
///
/// # Errors
/// [`ApiError::NameTaken`] when the store has a field with this key, [`ApiError::Conflict`] when it has too
/// many.
pub async fn create(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    new: FieldLabel,
) -> Result<CustomFieldResponse, ApiError> {
    let count = count_with(db, store_id, std::iter::once(new.key.as_str())).await?;
    if count > custom_field::MAX_FIELDS {
        return Err(ApiError::Conflict("The store has as many custom fields as a store can have."));
    }
    let model = ActiveModel {
        store_id: Set(store_id.uuid()),
        id: Set(Uuid::now_v7()),
        key: Set(new.key),
        label: Set(new.label),
        import_id: Set(None),
    };
    let taken = ApiError::NameTaken("The store has a field of this name.");
    let model = model.insert(db).await.map_err(|error| ApiError::on_unique(error, taken))?;
    let field = response(model);
    let entry = Entry::of_store(store_id, AuditAction::CustomFieldCreated).to(field.id.uuid());
    entry.after(&field)?.record(db).await?;
    Ok(field)
}

/// Changes the label of a field; the key stays.
///
/// # Errors
/// [`ApiError::NotFound`] when the store has no such field.
pub async fn rename(
    db: &Db,
    store_id: StoreId,
    id: CustomFieldId,
    label: FieldLabel,
) -> Result<CustomFieldResponse, ApiError> {
    transaction::write(db, |tx| {
        let label = label.label.clone();
        Box::pin(async move {
            let model = Entity::in_store(store_id).filter(Column::Id.eq(id.uuid())).one(tx).await?;
            let before = model.ok_or(ApiError::NotFound("custom field"))?;
            let mut model: ActiveModel = before.clone().into();
            (model.label, model.import_id) = (Set(label), Set(None));
            let (before, after) = (response(before), response(model.update(tx).await?));
            let entry = Entry::of_store(store_id, AuditAction::CustomFieldUpdated).to(id.uuid());
            entry.changed(&before, &after)?.record(tx).await?;
            Ok(after)
        })
    })
    .await
}

/// A field, with the number of customers who have a value.
///
/// # Errors
/// [`ApiError::NotFound`] when the store has no such field.
pub async fn usage(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    id: CustomFieldId,
) -> Result<CustomFieldUsageResponse, ApiError> {
    let field = find(db, store_id, id).await?;
    let customers = values::count(db, store_id, &field.key).await?;
    Ok(CustomFieldUsageResponse { field, customers })
}

/// Deletes a field and its values, in batches of customers with a transaction each. Returns how many
/// customers had a value.
///
/// # Errors
/// [`ApiError::NotFound`] when the store has no such field.
pub async fn delete(
    db: &Db,
    store_id: StoreId,
    id: CustomFieldId,
) -> Result<CustomFieldUsageResponse, ApiError> {
    let field = find(db.write(), store_id, id).await?;
    let (mut customers, mut after) = (0, Uuid::nil());
    loop {
        let removed = transaction::write(db, |tx| {
            let field = field.clone();
            Box::pin(async move {
                let removed = values::remove(tx, store_id, &field.key, after).await?;
                if removed.is_none() {
                    let usage = CustomFieldUsageResponse { field, customers };
                    forget(tx, store_id, &usage).await?;
                }
                Ok(removed)
            })
        })
        .await?;
        let Some((some, last)) = removed else { break };
        (customers, after) = (customers + some, last);
    }
    Ok(CustomFieldUsageResponse { field, customers })
}

async fn forget(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    usage: &CustomFieldUsageResponse,
) -> Result<(), ApiError> {
    let id = usage.field.id.uuid();
    Entity::delete_by_id((store_id.uuid(), id)).exec(tx).await?;
    let entry = Entry::of_store(store_id, AuditAction::CustomFieldDeleted).to(id);
    entry.before(usage)?.record(tx).await
}

/// Deletes the fields that an import created and that have no values.
///
/// # Errors
/// Returns the error of the database.
pub async fn forget_unused(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    import_id: Uuid,
) -> Result<(), DbErr> {
    let made = Entity::in_store(store_id).filter(Column::ImportId.eq(import_id)).all(tx).await?;
    let keys: Vec<&str> = made.iter().map(|field| field.key.as_str()).collect();
    let used = values::used(tx, store_id, &keys).await?;
    let unused: Vec<Uuid> =
        made.iter().filter(|field| !used.contains(&field.key)).map(|field| field.id).collect();
    if !unused.is_empty() {
        let of_store = Entity::delete_many().filter(Column::StoreId.eq(store_id.uuid()));
        of_store.filter(Column::Id.is_in(unused)).exec(tx).await?;
    }
    Ok(())
}

async fn find(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    id: CustomFieldId,
) -> Result<CustomFieldResponse, ApiError> {
    let model = Entity::in_store(store_id).filter(Column::Id.eq(id.uuid())).one(db).await?;
    model.map(response).ok_or(ApiError::NotFound("custom field"))
}

/// Maps a row to the response.
#[must_use]
pub fn response(model: Model) -> CustomFieldResponse {
    CustomFieldResponse { id: CustomFieldId::new(model.id), key: model.key, label: model.label }
}
