//! Creates and changes catalogue entries.

use fanbase_domain::{
    ids::StoreId,
    money::Currency,
    time::Timestamp,
    wire::{
        catalogue::{ItemKind, ItemPatch, ItemResponse, NewItem, Price, PriceResponse},
        facts::ItemName,
    },
};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::{
    Item, created,
    queries::{self, Which},
    updated,
};
use crate::{
    db::{Db, audit_log::Entry, transaction},
    error::ApiError,
    sales::facts::locks,
};

/// The name under which an entry is locked before it is created.
#[must_use]
pub fn lock_name(kind: ItemKind, reference: &str) -> String {
    format!("{kind} {reference}")
}

/// The price, in the store's currency by default.
#[must_use]
pub fn price(price: Price, currency: Currency) -> PriceResponse {
    PriceResponse { amount: price.amount, currency: price.currency.unwrap_or(currency) }
}

/// Creates an entry; also returns whether it is new. An identical request again is idempotent.
///
/// # Errors
/// `ApiError::Conflict` when the reference, or one of its Stripe prices, belongs to another entry.
pub async fn create(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    currency: Currency,
    kind: ItemKind,
    new: NewItem,
    now: Timestamp,
) -> Result<(ItemResponse, bool), ApiError> {
    locks::hold(tx, [lock_name(kind, &new.reference).as_str()]).await?;
    let (interval, interval_count) = new.period.unzip();
    let item = ItemResponse {
        id: Uuid::now_v7(),
        reference: new.reference,
        title: new.title,
        price: new.price.map(|told| price(told, currency)),
        interval,
        interval_count,
        stripe_prices: new.stripe_prices,
        archived: false,
        created_at: now,
    };
    if let Some(known) = queries::find(tx, store_id, kind, Which::Reference(&item.reference), true).await? {
        let same = ItemResponse { id: known.id, created_at: known.created_at, ..item };
        if same == known {
            return Ok((known, false));
        }
        return Err(ApiError::Conflict("The store has another one of this reference. Change that one."));
    }
    insert(tx, store_id, kind, &item).await?;
    Ok((item, true))
}

async fn insert(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    kind: ItemKind,
    item: &ItemResponse,
) -> Result<(), ApiError> {
    queries::insert(tx, store_id, kind, item).await?;
    Entry::of_store(store_id, created(kind)).to(item.id).after(item)?.record(tx).await
}

/// Changes an entry.
///
/// # Errors
/// `ApiError::NotFound` when there is no such entry; `ApiError::Conflict` when one of its Stripe prices
/// belongs to another entry.
pub async fn patch(
    db: &Db,
    store_id: StoreId,
    currency: Currency,
    (kind, id): (ItemKind, Uuid),
    patch: ItemPatch,
    now: Timestamp,
) -> Result<ItemResponse, ApiError> {
    transaction::write(db, |tx| {
        let patch = patch.clone();
        Box::pin(async move {
            let before = queries::find(tx, store_id, kind, Which::Id(id), true).await?;
            let before = before.ok_or(ApiError::NotFound(kind.as_str()))?;
            let after = ItemResponse {
                title: patch.title.unwrap_or_else(|| before.title.clone()),
                price: match patch.price {
                    Some(told) => told.map(|told| price(told, currency)),
                    None => before.price,
                },
                archived: patch.archived.unwrap_or(before.archived),
                stripe_prices: patch.stripe_prices.unwrap_or_else(|| before.stripe_prices.clone()),
                ..before.clone()
            };
            if after != before {
                queries::update(tx, store_id, kind, &after, now).await?;
                let entry = Entry::of_store(store_id, updated(kind)).to(id);
                entry.changed(&before, &after)?.record(tx).await?;
            }
            Ok(after)
        })
    })
    .await
}

/// Finds the entry that a report names. Creates it if absent, provided that the report has a title. The
/// caller must hold its [`lock_name`].
///
/// # Errors
/// `ApiError::Validation` when the entry is absent and the report has no title.
pub async fn ensure(
    tx: &DatabaseTransaction,
    store_id: StoreId,
    kind: ItemKind,
    name: &ItemName,
    now: Timestamp,
) -> Result<ItemResponse, ApiError> {
    if let Some(known) = queries::find(tx, store_id, kind, Which::Reference(&name.reference), false).await? {
        return Ok(known);
    }
    let Some(title) = name.title.clone() else {
        let message = format!("The store has no {kind} of this reference. Send a title to have it made.");
        return Err(ApiError::parameter(&format!("/{kind}/reference"), "unknown_reference", message));
    };
    let period = (kind == ItemKind::Plan).then_some((fanbase_domain::facts::Period::Month, 1));
    let (interval, interval_count) = period.unzip();
    let item = ItemResponse {
        id: Uuid::now_v7(),
        reference: name.reference.clone(),
        title,
        price: None,
        interval,
        interval_count,
        stripe_prices: Vec::new(),
        archived: false,
        created_at: now,
    };
    insert(tx, store_id, kind, &item).await?;
    Ok(item)
}

impl Item {
    /// The item of a catalogue entry.
    #[must_use]
    pub fn of(kind: ItemKind, item: &ItemResponse) -> Self {
        Self { which: Some((kind, item.id)), title: Some(item.title.clone()) }
    }
}
