//! Imports many Clerk accounts in one transaction.
//!
//! Most accounts of a list are new, with an e-mail address that no other account has. These are inserted in
//! bulk. Known ones without a change are skipped; all others are applied one by one, like an event.

use std::collections::{BTreeMap, HashMap, HashSet};

use fanbase_domain::{
    clerk::{Account, Change, Snapshot},
    ids::{StoreId, UserId},
    time::Timestamp,
    wire::{activities::ActivityKind, audit::AuditAction},
};
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    IntoActiveModel as _, Value,
};
use uuid::Uuid;

use super::{Subject, apply, stored};
use crate::{
    accounts::users::writes,
    audience::{
        counters::{self, CountDelta},
        links,
        timeline::queries::ACTIVITIES,
    },
    db::{
        Db,
        audit_log::Entry,
        bulk::{self, OnConflict, Target, Type},
        entities::users::{Entity, Model},
        is_sqlite,
        sql::Sql,
        transaction,
    },
    error::ApiError,
};

/// Rows per INSERT: SQLite allows 32,766 parameters in a statement.
const INSERTED_AT_ONCE: usize = 1_000;

const CLERK_ACCOUNTS: Target = Target {
    table: "clerk_accounts",
    columns: &[
        ("clerk_id", Type::Text),
        ("user_id", Type::Uuid),
        ("updated_at", Type::BigInt),
        ("profile", Type::Text),
        ("claimed_key", Type::Text),
    ],
    on_conflict: OnConflict::Fail,
};

const USER_ADDRESSES: Target = Target {
    table: "user_addresses",
    columns: &[("user_id", Type::Uuid), ("email_key", Type::Text), ("since", Type::BigInt)],
    on_conflict: OnConflict::Fail,
};

/// A listed account: its Clerk id and its snapshot.
pub type Listed = (String, Snapshot);

/// Applies the snapshots of a list, all or none.
///
/// # Errors
/// When the database fails.
pub async fn import(db: &Db, batch: &[Listed]) -> Result<(), ApiError> {
    transaction::write(db, |tx| {
        let batch = batch.to_vec();
        Box::pin(async move { import_in(tx, batch).await })
    })
    .await
}

async fn import_in(tx: &DatabaseTransaction, batch: Vec<Listed>) -> Result<(), ApiError> {
    // Until the transaction ends, no other account or customer with these e-mail addresses can be created.
    links::hold_all(tx).await?;
    let known = stored::of_clerk_ids(tx, batch.iter().map(|(id, _)| id.as_str()).collect()).await?;
    let taken = taken_keys(tx, &batch).await?;
    let (mut ids, mut keys) = (HashSet::new(), HashSet::new());
    let (mut new, mut others) = (Vec::new(), Vec::new());
    for (clerk_id, snapshot) in batch {
        let change = Change::Snapshot(snapshot.clone());
        let key = snapshot.profile.address.as_ref().map(|address| address.key.as_str().to_owned());
        let is_first = ids.insert(clerk_id.clone());
        let is_alone = key.is_none_or(|key| !taken.contains(&key) && keys.insert(key));
        match known.get(&clerk_id) {
            Some(known) if is_first && Account::after(Some(&known.account), &change) == known.account => {}
            None if is_first && is_alone => new.push((clerk_id, Account::after(None, &change))),
            _ => others.push((clerk_id, change)),
        }
    }
    insert(tx, new).await?;
    for (clerk_id, change) in others {
        // All locks are held, so no other transaction can interfere.
        let applied = apply(tx, &Subject::Clerk(clerk_id), &change, true).await?;
        applied.ok_or(ApiError::Overtaken)?;
    }
    Ok(())
}

/// The e-mail keys of a batch that an account has, has had or claims.
async fn taken_keys(db: &impl ConnectionTrait, batch: &[Listed]) -> Result<HashSet<String>, DbErr> {
    let addresses = batch.iter().filter_map(|(_, snapshot)| snapshot.profile.address.as_ref());
    let keys: Vec<&str> = addresses.map(|address| address.key.as_str()).collect();
    let mut taken = HashSet::new();
    for (table, column) in
        [("users", "email_key"), ("user_addresses", "email_key"), ("clerk_accounts", "claimed_key")]
    {
        let mut sql = Sql::new(&format!("SELECT {column} FROM {table} WHERE "));
        sql.is_any(db, column, &keys);
        for row in sql.all(db).await? {
            taken.insert(row.try_get_by_index(0)?);
        }
    }
    Ok(taken)
}

/// A new account, ready to be written.
struct New {
    clerk_id: String,
    id: UserId,
    account: Account,
    model: Model,
}

impl New {
    fn of((clerk_id, account): (String, Account)) -> Self {
        let id = UserId::new(Uuid::now_v7());
        let mut model = writes::blank(id, account.created_at);
        if let Some((_, profile)) = &account.latest {
            model.name.clone_from(&profile.name);
            model.avatar_url.clone_from(&profile.avatar_url);
        }
        let address = account.claims().cloned();
        writes::hold(&mut model, address.map(|address| (address.email, address.key)));
        model.last_sign_in_at = account.last_sign_in_at.map(Timestamp::millis);
        writes::derive(&mut model);
        Self { clerk_id, id, account, model }
    }
}

async fn insert(tx: &DatabaseTransaction, accounts: Vec<(String, Account)>) -> Result<(), ApiError> {
    let new: Vec<New> = accounts.into_iter().map(New::of).collect();
    if new.is_empty() {
        return Ok(());
    }
    for chunk in new.chunks(INSERTED_AT_ONCE) {
        let models = chunk.iter().map(|new| new.model.clone().into_active_model().reset_all());
        Entity::insert_many(models).exec_without_returning(tx).await?;
    }
    let ids: Vec<Uuid> = new.iter().map(|new| new.id.uuid()).collect();
    writes::index_all(tx, &ids).await?;
    let mut accounts = Vec::with_capacity(new.len());
    for New { clerk_id, id, account, .. } in &new {
        accounts.push(stored::values(clerk_id, *id, account)?);
    }
    bulk::insert(tx, &CLERK_ACCOUNTS, Box::new(accounts.into_iter())).await?;
    let addresses: Vec<Vec<Value>> = new
        .iter()
        .flat_map(|new| new.account.addresses.iter().map(move |(key, since)| (new.id, key, since)))
        .map(|(id, key, since)| vec![id.uuid().into(), key.as_str().into(), since.millis().into()])
        .collect();
    bulk::insert(tx, &USER_ADDRESSES, Box::new(addresses.into_iter())).await?;
    let counted = new.iter().filter(|new| new.model.email_key.is_some()).count();
    counters::change_users(tx, i64::try_from(counted).unwrap_or(0)).await?;
    let created = |id: &Uuid| Entry::of_platform(AuditAction::UserCreated).to(*id);
    Entry::record_all(ids.iter().map(created).collect(), tx).await?;
    link(tx, &new).await
}

/// Links new accounts to the customers of their e-mail addresses in all stores, as
/// [`links::link_everywhere`] does for one.
async fn link(tx: &DatabaseTransaction, new: &[New]) -> Result<(), ApiError> {
    let since: HashMap<&str, Timestamp> = new
        .iter()
        .flat_map(|new| &new.account.addresses)
        .map(|(key, since)| (key.as_str(), *since))
        .collect();
    let keys: Vec<&str> = since.keys().copied().collect();
    let table = if is_sqlite(tx) { "customers INDEXED BY customers_address" } else { "customers" };
    let mut sql = Sql::new(&format!(
        "UPDATE {table} SET user_id = (SELECT u.id FROM users u WHERE u.email_key = customers.email_key)
         WHERE user_id IS NULL AND "
    ));
    sql.is_any(tx, "email_key", &keys).push(" RETURNING store_id, id, source, email_key");
    let mut activities: Vec<Vec<Value>> = Vec::new();
    let mut linked: BTreeMap<Uuid, i64> = BTreeMap::new();
    for row in sql.all(tx).await? {
        let (store_id, customer): (Uuid, Uuid) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let (source, key): (String, String) = (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
        let at = since.get(key.as_str()).copied().unwrap_or_else(crate::clock::now);
        activities.push(vec![
            store_id.into(),
            customer.into(),
            Uuid::now_v7().into(),
            ActivityKind::AccountLinked.as_str().into(),
            source.into(),
            at.millis().into(),
        ]);
        *linked.entry(store_id).or_default() += 1;
    }
    bulk::insert(tx, &ACTIVITIES, Box::new(activities.into_iter())).await?;
    // In store order, which prevents deadlocks.
    for (store_id, customers) in linked {
        let mut delta = CountDelta::default();
        delta.link(customers);
        delta.apply(tx, StoreId::new(store_id)).await?;
    }
    Ok(())
}
