//! Erases personal data outside of a person's own rows: in stored events, the audit log, problems of imports,
//! and stored responses of idempotent requests.

use std::collections::BTreeSet;

use fanbase_domain::{customer::Customer, email::EmailKey, ids::StoreId, ids::UserId, time::Timestamp};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::suppressions;
use crate::db::{email_hash::EmailHasher, sql::Sql};

/// Erases customers who are about to be deleted. Suppresses those who refused e-mail. Returns the keyed
/// hashes of their e-mail addresses.
///
/// # Errors
/// Returns the error of the database.
pub async fn erase_customers(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    customers: &[Customer],
    now: Timestamp,
) -> Result<Vec<String>, DbErr> {
    if customers.is_empty() {
        return Ok(Vec::new());
    }
    let hasher = EmailHasher::load(db).await?;
    suppressions::suppress_deleted(db, store_id, &hasher, customers, now).await?;
    let ids: Vec<Uuid> = customers.iter().map(|customer| customer.id.uuid()).collect();
    let mut keys: BTreeSet<String> =
        customers.iter().map(|customer| customer.email_key.to_string()).collect();
    keys.extend(claimed(db, store_id, &ids).await?);
    let hash = |key: &String| hasher.hash(&EmailKey::from_stored(key.clone()));
    let hashes: Vec<String> = keys.iter().map(hash).collect();
    let hashed: Vec<&str> = hashes.iter().map(String::as_str).collect();
    empty_events(db, "stripe", Some(store_id), &hashed).await?;
    let store = store_id.uuid();
    for statement in [
        "UPDATE import_problems SET email = '', email_hash = NULL WHERE store_id = ",
        "UPDATE idempotency_keys SET body = NULL, etag = NULL, email_hash = NULL WHERE store_id = ",
    ] {
        let mut sql = Sql::new(statement);
        sql.bind(store).push(" AND ").is_any(db, "email_hash", &hashed);
        sql.execute(db).await?;
    }
    empty_audit_lines(db, store, &ids).await?;
    let mut sql = Sql::new("DELETE FROM import_changes WHERE store_id = ");
    sql.bind(store).push(" AND import_id IN (SELECT i.id FROM imports i WHERE i.store_id = ").bind(store);
    sql.push(") AND ").is_any_id(db, "customer_id", &ids);
    sql.execute(db).await?;
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    for table in ["enrollments", "subscriptions"] {
        let mut sql = Sql::new(&format!("UPDATE {table} SET email = NULL, name = NULL WHERE store_id = "));
        sql.bind(store).push(" AND customer_id IS NULL AND ").is_any(db, "lower(email)", &keys);
        sql.execute(db).await?;
    }
    Ok(hashes)
}

/// Erases an account that is about to be deleted. Customers of stores are kept, with their data.
///
/// # Errors
/// Returns the error of the database.
pub async fn erase_account(
    db: &impl ConnectionTrait,
    id: UserId,
    addresses: &BTreeSet<&EmailKey>,
) -> Result<(), DbErr> {
    let hasher = EmailHasher::load(db).await?;
    let hashes: Vec<String> = addresses.iter().map(|key| hasher.hash(key)).collect();
    let hashed: Vec<&str> = hashes.iter().map(String::as_str).collect();
    empty_events(db, "clerk", None, &hashed).await?;
    let keys: Vec<&str> = addresses.iter().map(|key| key.as_str()).collect();
    let mut sql = Sql::new("DELETE FROM invitations WHERE ");
    sql.is_any(db, "email_key", &keys).push(" RETURNING store_id, id");
    let mut lines: Vec<(Uuid, Uuid)> = vec![(Uuid::nil(), id.uuid())];
    for row in sql.all(db).await? {
        lines.push((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
    }
    let mut sql = Sql::new("SELECT store_id FROM store_members WHERE user_id = ");
    sql.bind(id.uuid());
    for row in sql.all(db).await? {
        lines.push((row.try_get_by_index(0)?, id.uuid()));
    }
    for (store, subject) in lines {
        empty_audit_lines(db, store, &[subject]).await?;
    }
    Ok(())
}

/// The e-mail addresses under which customers claimed Stripe's payments and subscriptions.
async fn claimed(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    customers: &[Uuid],
) -> Result<Vec<String>, DbErr> {
    let mut sql = Sql::new("SELECT claimed_key FROM stripe_customers WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND ").is_any_id(db, "customer_id", customers);
    sql.push(" UNION SELECT claimed_key FROM subscriptions WHERE claimed_key IS NOT NULL AND store_id = ");
    sql.bind(store_id.uuid()).push(" AND ").is_any_id(db, "customer_id", customers);
    sql.all(db).await?.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Clears the payloads of events that contain one of the e-mail addresses: those of the store, and those
/// without a known store.
async fn empty_events(
    db: &impl ConnectionTrait,
    source: &str,
    store_id: Option<StoreId>,
    hashes: &[&str],
) -> Result<(), DbErr> {
    let mut sql = Sql::new("UPDATE webhook_events SET payload = '' WHERE source = ");
    sql.bind(source).push(" AND external_id IN (SELECT e.external_id FROM webhook_event_emails e WHERE ");
    sql.is_any(db, "e.email_hash", hashes).push(" AND e.source = ").bind(source).push(")");
    if let Some(store_id) = store_id {
        sql.push(" AND (store_id IS NULL OR store_id = ").bind(store_id.uuid()).push(")");
    }
    sql.execute(db).await?;
    Ok(())
}

/// Clears the recorded states in audit entries; actor, time, action and subject are kept.
async fn empty_audit_lines(db: &impl ConnectionTrait, store: Uuid, subjects: &[Uuid]) -> Result<(), DbErr> {
    let mut sql = Sql::new("UPDATE audit_log SET before = NULL, after = NULL WHERE store_id = ");
    sql.bind(store).push(" AND ").is_any_id(db, "subject_id", subjects);
    sql.execute(db).await?;
    Ok(())
}
