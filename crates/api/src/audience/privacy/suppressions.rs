//! The suppression list: e-mail addresses that must not be mailed, even after the person's deletion.
//!
//! A row applies to a store, or to the whole platform (the nil UUID). It contains only a keyed hash of the
//! address, so that a deleted person who is added again stays unsubscribed.

use std::collections::{BTreeMap, BTreeSet};

use fanbase_domain::{consent::Consent, customer::Customer, email::EmailKey, ids::StoreId, time::Timestamp};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::db::{
    bulk::{self, OnConflict, Target, Type},
    column::known,
    email_hash::EmailHasher,
    sql::Sql,
};

/// The `store_id` of rows that apply to all stores.
const PLATFORM: Uuid = Uuid::nil();

/// On a conflict, the more severe reason is kept.
const SUPPRESSIONS: Target = Target {
    table: "suppressions",
    columns: &[
        ("store_id", Type::Uuid),
        ("email_hash", Type::Text),
        ("reason", Type::Text),
        ("origin", Type::Text),
        ("at", Type::BigInt),
    ],
    on_conflict: OnConflict::Clause(
        "ON CONFLICT (store_id, email_hash) DO UPDATE SET reason = excluded.reason,
            origin = excluded.origin, at = excluded.at
         WHERE suppressions.reason <> 'complained'
            AND (excluded.reason = 'complained' OR suppressions.reason IN ('unsubscribed', 'manual'))",
    ),
};

/// Adds deleted customers who refused e-mail to the list.
///
/// # Errors
/// Returns the error of the database.
pub async fn suppress_deleted(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    hasher: &EmailHasher,
    customers: &[Customer],
    at: Timestamp,
) -> Result<(), DbErr> {
    let refuses =
        |consent: Consent| matches!(consent, Consent::Unsubscribed | Consent::Bounced | Consent::Complained);
    let mut rows: BTreeMap<String, Consent> = BTreeMap::new();
    for customer in customers.iter().filter(|customer| refuses(customer.fields.consent)) {
        rows.insert(hasher.hash(&customer.email_key), customer.fields.consent);
    }
    let row = |(hash, consent): (String, Consent)| {
        let values: [sea_orm::Value; 5] = [
            store_id.uuid().into(),
            hash.into(),
            consent.as_str().into(),
            "erasure".into(),
            at.millis().into(),
        ];
        values.to_vec()
    };
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    bulk::insert(db, &SUPPRESSIONS, Box::new(rows.into_iter())).await?;
    Ok(())
}

/// The strongest consent that new customers may have, by e-mail key; only for suppressed e-mail addresses.
///
/// # Errors
/// Returns the error of the database.
pub async fn consents(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    keys: &[&str],
) -> Result<BTreeMap<String, Consent>, DbErr> {
    if keys.is_empty() || !any(db, store_id).await? {
        return Ok(BTreeMap::new());
    }
    let hasher = EmailHasher::load(db).await?;
    let keys: BTreeMap<String, &str> =
        keys.iter().map(|key| (hasher.hash(&EmailKey::from_stored((*key).to_owned())), *key)).collect();
    let hashes: Vec<&str> = keys.keys().map(String::as_str).collect();
    let mut sql = Sql::new("SELECT email_hash, reason FROM suppressions WHERE store_id IN (");
    sql.bind_all([store_id.uuid(), PLATFORM]).push(") AND ").is_any(db, "email_hash", &hashes);
    let mut consents: BTreeMap<String, Consent> = BTreeMap::new();
    for row in sql.all(db).await? {
        let (hash, reason): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let consent = match reason.as_str() {
            "manual" => Consent::Unsubscribed,
            reason => known(Consent::parse(reason), "reason")?,
        };
        if let Some(key) = keys.get(&hash) {
            let at_most = consents.entry((*key).to_owned()).or_insert(consent);
            *at_most = at_most.fold(consent);
        }
    }
    Ok(consents)
}

/// Whether anything is suppressed. Most lists are empty, and an import then need not hash its e-mail
/// addresses.
async fn any(db: &impl ConnectionTrait, store_id: StoreId) -> Result<bool, DbErr> {
    let mut sql = Sql::new("SELECT 1 FROM suppressions WHERE store_id IN (");
    sql.bind_all([store_id.uuid(), PLATFORM]).push(") LIMIT 1");
    Ok(sql.one(db).await?.is_some())
}

/// Removes e-mail addresses from the store's list, after a user or a tool set them to subscribed.
///
/// # Errors
/// Returns the error of the database.
pub async fn lift(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    keys: &BTreeSet<&EmailKey>,
) -> Result<(), DbErr> {
    if keys.is_empty() || !any(db, store_id).await? {
        return Ok(());
    }
    let hasher = EmailHasher::load(db).await?;
    let hashes: Vec<String> = keys.iter().map(|key| hasher.hash(key)).collect();
    let hashes: Vec<&str> = hashes.iter().map(String::as_str).collect();
    let mut sql = Sql::new("DELETE FROM suppressions WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND ").is_any(db, "email_hash", &hashes);
    sql.execute(db).await?;
    Ok(())
}
