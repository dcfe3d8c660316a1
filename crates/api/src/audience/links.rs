//! Links between customers and accounts with the same e-mail address.
//!
//! A link is written in the transaction that writes either side. On PostgreSQL, two concurrent transactions
//! that write the two sides would not see each other. So a writer of customers takes a shared lock on the
//! e-mail address, and a writer of accounts an exclusive one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use fanbase_domain::{
    email::EmailKey,
    ids::{StoreId, UserId},
    time::Timestamp,
    wire::activities::ActivityKind,
};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    audience::{counters::CountDelta, timeline},
    db::{
        is_sqlite,
        sql::{Each, Sql, Values},
    },
};

/// The number of locks, over which e-mail addresses are distributed by hash: rows of `link_locks`.
const SLOTS: u64 = 16;

/// Takes the shared locks of e-mail addresses, before customers are written: no other transaction can create
/// accounts with them.
///
/// # Errors
/// Returns the error of the database.
pub async fn share(db: &impl ConnectionTrait, keys: &[&EmailKey]) -> Result<(), DbErr> {
    lock(db, keys.iter().map(|key| slot(key.as_str())).collect(), "FOR SHARE").await
}

/// Takes the exclusive locks of e-mail addresses, before accounts are written: no other transaction can
/// create customers or accounts with them. Other names can serialise other work.
///
/// # Errors
/// Returns the error of the database.
pub async fn hold<'a>(
    db: &impl ConnectionTrait,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<(), DbErr> {
    lock(db, names.into_iter().map(slot).collect(), "FOR UPDATE").await
}

/// Takes all exclusive locks, for any e-mail address.
///
/// # Errors
/// Returns the error of the database.
pub async fn hold_all(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    lock(db, (0..SLOTS).collect(), "FOR UPDATE").await
}

async fn lock(db: &impl ConnectionTrait, slots: BTreeSet<u64>, how: &str) -> Result<(), DbErr> {
    if is_sqlite(db) {
        return Ok(()); // there is only one writer
    }
    let slots = slots.into_iter().map(|slot| i64::try_from(slot).unwrap_or(0));
    let mut sql = Sql::new("SELECT slot FROM link_locks WHERE slot IN (");
    // In a fixed order, to avoid deadlocks.
    sql.bind_all(slots).push(") ORDER BY slot ").push(how);
    sql.all(db).await?;
    Ok(())
}

/// FNV-1a: the same in every process, unlike the hashes of the standard library.
fn slot(name: &str) -> u64 {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash % SLOTS
}

/// Accounts with these e-mail addresses that no customer of the store is linked to.
///
/// # Errors
/// Returns the error of the database.
pub async fn free_accounts(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    keys: &[&str],
) -> Result<HashMap<String, UserId>, DbErr> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::new("SELECT users.email_key, users.id FROM ");
    let accounts = Each {
        table: "users",
        store_id: None,
        within: None,
        column: "email_key",
        values: Values::Texts(keys),
        lock: false,
    };
    sql.each(db, &accounts);
    sql.push(" WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.user_id = users.id AND c.store_id = ");
    sql.bind_store(db, store_id).push(")");
    sql.all(db)
        .await?
        .iter()
        .map(|row| Ok((row.try_get_by_index(0)?, UserId::new(row.try_get_by_index::<Uuid>(1)?))))
        .collect()
}

/// Links an account to the unlinked customer with its e-mail address in every store, unless another customer
/// of the store is linked to it. Updates counters and timelines; the timeline entry keeps the customer's
/// source.
///
/// # Errors
/// Returns the error of the database.
pub async fn link_everywhere(
    db: &impl ConnectionTrait,
    user_id: UserId,
    key: &str,
    at: Timestamp,
) -> Result<(), DbErr> {
    let mut sql = Sql::new("UPDATE customers SET user_id = ");
    sql.bind(user_id.uuid()).push(" WHERE email_key = ").bind(key);
    sql.push(
        " AND user_id IS NULL AND NOT EXISTS (
            SELECT 1 FROM customers other WHERE other.store_id = customers.store_id AND other.user_id = ",
    );
    sql.bind(user_id.uuid()).push(") RETURNING store_id, id, source");
    let mut linked = BTreeMap::new();
    for row in sql.all(db).await? {
        let store_id = StoreId::new(row.try_get_by_index(0)?);
        linked.insert(store_id, (row.try_get_by_index(1)?, row.try_get_by_index(2)?));
    }
    // In the order of the stores, to avoid deadlocks on their counters.
    for (store_id, (customer, source)) in linked {
        let kind = ActivityKind::AccountLinked;
        timeline::queries::record(db, store_id, customer, kind, Some(source), at).await?;
        let mut delta = CountDelta::default();
        delta.link(1);
        delta.apply(db, store_id).await?;
    }
    Ok(())
}

/// After customers were deleted: links their accounts to the unlinked customers that have the accounts'
/// e-mail addresses. Returns those customers.
///
/// # Errors
/// Returns the error of the database.
pub async fn link_freed(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    accounts: &[Uuid],
) -> Result<Vec<Uuid>, DbErr> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(
        "UPDATE customers SET user_id = (SELECT u.id FROM users u WHERE u.email_key = customers.email_key)
         WHERE user_id IS NULL AND store_id = ",
    );
    sql.bind(store_id.uuid()).push(" AND email_key IN (SELECT email_key FROM users WHERE ");
    sql.is_any_id(db, "id", accounts).push(") RETURNING id");
    sql.all(db).await?.iter().map(|row| row.try_get_by_index(0)).collect()
}
