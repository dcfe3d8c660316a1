//! Creates and changes stores.

use fanbase_domain::{
    facts::{Join as _, Latest},
    ids::{StoreId, UserId},
    role::Role,
    store::{Creators, Store},
    wire::{
        admin::{ConnectStatus, ConnectionPatch, ConnectionResponse},
        audit::AuditAction,
        stores::{NewStore, StorePatch, StoreResponse},
    },
};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::{NotSet, Set},
    ConnectionTrait,
};
use uuid::Uuid;

use super::{creators, queries};
use crate::{
    accounts::members,
    clock,
    db::{Db, audit_log::Entry, entities::stores, sql::Sql, transaction},
    error::ApiError,
};

/// Creates a store with its owner.
///
/// # Errors
/// `ApiError::NameTaken` when another store has the slug.
pub async fn create(db: &Db, new: NewStore, owner: UserId) -> Result<Store, ApiError> {
    transaction::write(db, |tx| {
        let new = new.clone();
        Box::pin(async move { create_in(tx, new, owner).await })
    })
    .await
}

/// Like [`create`], within a transaction.
///
/// # Errors
/// `ApiError::NameTaken` when another store has the slug.
pub async fn create_in(db: &impl ConnectionTrait, new: NewStore, owner: UserId) -> Result<Store, ApiError> {
    let now = clock::now();
    let id = StoreId::new(Uuid::now_v7());
    let store = stores::ActiveModel {
        id: Set(id.uuid()),
        name: Set(new.name),
        slug: Set(new.slug),
        currency: Set(new.currency.to_string()),
        shows_accounts: Set(creators::read(db).await? == Creators::One),
        idle_days: NotSet,
        time_zone: Set(None),
        version: Set(1),
        created_at: Set(now.millis()),
    };
    let taken = ApiError::NameTaken("Another store has this slug.");
    let store = store.insert(db).await.map_err(|error| ApiError::on_unique(error, taken))?;
    members::queries::add(db, id, owner, Role::AgencyOwner, now).await?;
    let store = stores::store(store)?;
    let seen = StoreResponse::seen_by(store.clone(), None);
    Entry::of_store(id, AuditAction::StoreCreated).to(id.uuid()).after(&seen)?.record(db).await?;
    Ok(store)
}

/// Changes a store that the client has read at `version`.
///
/// # Errors
/// `ApiError::NotFound` when there is no such store; `ApiError::VersionMismatch` when it was changed since;
/// `ApiError::Conflict` when it cannot show accounts on a server for many creators.
pub async fn patch(db: &Db, id: StoreId, version: i64, patch: StorePatch) -> Result<Store, ApiError> {
    transaction::write(db, |tx| {
        let StorePatch { name, shows_accounts, idle_days, time_zone } = patch.clone();
        Box::pin(async move {
            let before = queries::find(tx, id).await?;
            let mut sql = Sql::new("UPDATE stores SET version = version + 1");
            if let Some(name) = name {
                sql.push(", name = ").bind(name);
            }
            if shows_accounts == Some(true) && creators::read(tx).await? == Creators::Many {
                return Err(ApiError::Conflict(
                    "This server is for several creators: accounts without a tie to the store belong to others.",
                ));
            }
            if let Some(shows_accounts) = shows_accounts {
                sql.push(", shows_accounts = ").bind(shows_accounts);
            }
            if let Some(idle_days) = idle_days {
                sql.push(", idle_days = ").bind(idle_days.get());
            }
            if let Some(time_zone) = time_zone {
                sql.push(", time_zone = ").bind(time_zone);
            }
            sql.push(" WHERE id = ").bind(id.uuid()).push(" AND version = ").bind(version);
            if sql.execute(tx).await?.rows_affected() == 0 {
                return Err(ApiError::VersionMismatch);
            }
            let after = queries::find(tx, id).await?;
            let seen = |store: &Store| StoreResponse::seen_by(store.clone(), None);
            let entry = Entry::of_store(id, AuditAction::StoreUpdated).to(id.uuid());
            entry.changed(&seen(&before), &seen(&after))?.record(tx).await?;
            Ok(after)
        })
    })
    .await
}

/// Connects a store to a Stripe account, or lets it take events of the platform's own account.
///
/// # Errors
/// `ApiError::NotFound` when there is no such store; `ApiError::Conflict` when another store is connected to
/// the account.
pub async fn connect(db: &Db, id: StoreId, patch: ConnectionPatch) -> Result<ConnectionResponse, ApiError> {
    transaction::write(db, |tx| {
        let patch = patch.clone();
        Box::pin(async move {
            let before = queries::connection(tx, id).await?;
            let after = ConnectionResponse {
                stripe_account: patch.stripe_account.unwrap_or_else(|| before.stripe_account.clone()),
                takes_platform_events: patch.takes_platform_events.unwrap_or(before.takes_platform_events),
                ..before.clone()
            };
            if after == before {
                return Ok(after);
            }
            let mut sql = Sql::new("UPDATE stores SET stripe_account = ");
            sql.bind(after.stripe_account.clone());
            sql.push(", takes_platform_events = ").bind(after.takes_platform_events);
            if after.stripe_account != before.stripe_account {
                // The status of the previous account does not apply to the new one.
                sql.push(", connect_status = 'not_connected', connect_told_at = NULL");
            }
            sql.push(" WHERE id = ").bind(id.uuid());
            let taken = ApiError::Conflict("Another store is connected to this account.");
            sql.execute(tx).await.map_err(|error| ApiError::on_unique(error, taken))?;
            let after = queries::connection(tx, id).await?;
            let entry = Entry::of_store(id, AuditAction::StoreUpdated).to(id.uuid());
            entry.changed(&before, &after)?.record(tx).await?;
            Ok(after)
        })
    })
    .await
}

/// Records the status of a store's connected account, unless a later one is known.
///
/// # Errors
/// When the database fails.
pub async fn follow_connect(
    tx: &impl ConnectionTrait,
    id: StoreId,
    told: Latest<ConnectStatus>,
) -> Result<(), ApiError> {
    let before = queries::connection(tx, id).await?;
    let known = before.connect_told_at.map(|at| Latest::new(at, before.connect));
    if known.is_some_and(|known| known.join(told) == known) {
        return Ok(());
    }
    let mut sql = Sql::new("UPDATE stores SET connect_status = ");
    sql.bind(told.value.as_str()).push(", connect_told_at = ").bind(told.at.millis());
    sql.push(" WHERE id = ").bind(id.uuid());
    sql.execute(tx).await?;
    let after = queries::connection(tx, id).await?;
    let entry = Entry::of_store(id, AuditAction::StoreUpdated).to(id.uuid());
    entry.changed(&before, &after)?.record(tx).await
}
