//! Manual timeline entries. They do not change the customer's last activity, so that a call to an inactive
//! lead does not make it active.

use fanbase_domain::{
    ids::{ActivityId, CustomerId, StoreId, UserId},
    time::Timestamp,
    wire::{
        activities::{ActivityKind, ActivityPatch, ActivityResponse, NewActivity, check_time},
        audit::AuditAction,
    },
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    IntoActiveModel as _,
};
use uuid::Uuid;

use crate::{
    audience::customers,
    clock,
    db::{
        Db,
        audit_log::Entry,
        column::known,
        entities::activities::{ActiveModel, Entity, Model},
        transaction,
    },
    error::ApiError,
    request_context::Actor,
};

/// The key of a timeline entry.
pub type Which = (StoreId, CustomerId, ActivityId);

/// Adds a manual entry.
///
/// # Errors
/// [`ApiError::NotFound`] when the store has no such customer, [`ApiError::Validation`] when the time is in
/// the future.
pub async fn create(
    tx: &DatabaseTransaction,
    (store_id, customer): (StoreId, CustomerId),
    new: NewActivity,
    actor: Actor,
) -> Result<ActivityResponse, ApiError> {
    let now = clock::now();
    customers::service::find(tx, store_id, customer).await?;
    let at = new.at.unwrap_or(now);
    check_time(at, now)?;
    let line = ActiveModel {
        store_id: Set(store_id.uuid()),
        customer_id: Set(customer.uuid()),
        id: Set(Uuid::now_v7()),
        kind: Set(new.kind.as_str().to_owned()),
        detail: Set(Some(new.text)),
        at: Set(at.millis()),
        author_id: Set(actor.user_id().map(UserId::uuid)),
    };
    let line = response(line.insert(tx).await?)?;
    let entry = Entry::of_store(store_id, AuditAction::ActivityCreated).to(customer.uuid());
    entry.after(&line)?.record(tx).await?;
    Ok(line)
}

/// Changes a manual entry. The author stays; the audit log records who changed it.
///
/// # Errors
/// [`ApiError::NotFound`], [`ApiError::Conflict`] when the entry is not manual, or [`ApiError::Validation`]
/// when the time is in the future.
pub async fn patch(db: &Db, which: Which, patch: ActivityPatch) -> Result<ActivityResponse, ApiError> {
    transaction::write(db, |tx| {
        let ActivityPatch { kind, text, at } = patch.clone();
        Box::pin(async move {
            let model = by_hand(tx, which).await?;
            let before = response(model.clone())?;
            let mut line = model.into_active_model();
            if let Some(kind) = kind {
                line.kind = Set(kind.as_str().to_owned());
            }
            if let Some(text) = text {
                line.detail = Set(Some(text));
            }
            if let Some(at) = at {
                check_time(at, clock::now())?;
                line.at = Set(at.millis());
            }
            if !line.is_changed() {
                return Ok(before);
            }
            let after = response(line.update(tx).await?)?;
            if after != before {
                let (store_id, customer, _) = which;
                let entry = Entry::of_store(store_id, AuditAction::ActivityUpdated).to(customer.uuid());
                entry.changed(&before, &after)?.record(tx).await?;
            }
            Ok(after)
        })
    })
    .await
}

/// Deletes a manual entry.
///
/// # Errors
/// [`ApiError::NotFound`], or [`ApiError::Conflict`] when the entry is not manual.
pub async fn delete(db: &Db, which: Which) -> Result<(), ApiError> {
    transaction::write(db, |tx| {
        Box::pin(async move {
            let line = by_hand(tx, which).await?;
            let (store_id, customer, id) = which;
            Entity::delete_by_id((store_id.uuid(), customer.uuid(), id.uuid())).exec(tx).await?;
            let entry = Entry::of_store(store_id, AuditAction::ActivityDeleted).to(customer.uuid());
            entry.before(&response(line)?)?.record(tx).await
        })
    })
    .await
}

async fn by_hand(db: &impl ConnectionTrait, (store_id, customer, id): Which) -> Result<Model, ApiError> {
    let found = Entity::find_by_id((store_id.uuid(), customer.uuid(), id.uuid())).one(db).await?;
    let line = found.ok_or(ApiError::NotFound("activity"))?;
    if known(ActivityKind::parse(&line.kind), "kind")?.is_by_hand() {
        Ok(line)
    } else {
        Err(ApiError::Conflict("This was not noted by hand: it follows from what was done or reported."))
    }
}

/// Maps a row to the response.
///
/// # Errors
/// [`DbErr::Type`] when the kind is unknown.
pub fn response(model: Model) -> Result<ActivityResponse, DbErr> {
    let Model { store_id: _, customer_id: _, id, kind, detail, at, author_id } = model;
    Ok(ActivityResponse {
        id: ActivityId::new(id),
        kind: known(ActivityKind::parse(&kind), "kind")?,
        detail,
        at: Timestamp::from_millis(at),
        author_id: author_id.map(UserId::new),
    })
}
