//! Stored Clerk accounts, and the successor of an e-mail address.

use std::collections::{BTreeMap, HashMap};

use fanbase_domain::{
    clerk::{Account, Change, Profile},
    email::EmailKey,
    ids::UserId,
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use uuid::Uuid;

use crate::{accounts::users::writes, db::sql::Sql, error::ApiError};

/// A stored account.
pub(super) struct Known {
    /// Its id in this database.
    pub(super) id: UserId,
    /// The state derived from its events.
    pub(super) account: Account,
    /// Its current e-mail key.
    pub(super) held: Option<EmailKey>,
    /// Whether it is known to come from Clerk.
    pub(super) is_clerks: bool,
}

const KNOWN: &str = "SELECT u.id, u.created_at, u.last_sign_in_at, u.deleted_at, c.updated_at, c.profile, \
    u.email_key, c.clerk_id FROM clerk_accounts c JOIN users u ON u.id = c.user_id WHERE ";

/// The account with this Clerk id.
pub(super) async fn of_clerk(db: &impl ConnectionTrait, clerk_id: &str) -> Result<Option<Known>, ApiError> {
    Ok(of_clerk_ids(db, vec![clerk_id]).await?.remove(clerk_id))
}

/// The accounts with these Clerk ids, by Clerk id.
pub(super) async fn of_clerk_ids(
    db: &impl ConnectionTrait,
    clerk_ids: Vec<&str>,
) -> Result<HashMap<String, Known>, ApiError> {
    let mut sql = Sql::new(KNOWN);
    sql.is_any(db, "c.clerk_id", &clerk_ids);
    let rows = sql.all(db).await?;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<Uuid>, _>>()?;
    let mut addresses = addresses_of(db, &ids).await?;
    rows.iter()
        .zip(ids)
        .map(|(row, id)| Ok((row.try_get_by_index(7)?, known(row, id, addresses.remove(&id))?)))
        .collect()
}

type Addresses = BTreeMap<EmailKey, Timestamp>;

async fn addresses_of(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, Addresses>, DbErr> {
    let mut sql = Sql::new("SELECT user_id, email_key, since FROM user_addresses WHERE ");
    sql.is_any_id(db, "user_id", ids);
    let mut addresses: HashMap<Uuid, Addresses> = HashMap::new();
    for row in sql.all(db).await? {
        let key = EmailKey::from_stored(row.try_get_by_index(1)?);
        let since = Timestamp::from_millis(row.try_get_by_index(2)?);
        addresses.entry(row.try_get_by_index(0)?).or_default().insert(key, since);
    }
    Ok(addresses)
}

fn known(row: &QueryResult, id: Uuid, addresses: Option<Addresses>) -> Result<Known, ApiError> {
    let latest = match (time(row, 4)?, row.try_get_by_index::<Option<String>>(5)?) {
        (Some(at), Some(profile)) => Some((at, serde_json::from_str::<Profile>(&profile)?)),
        _ => None,
    };
    let account = Account {
        created_at: Timestamp::from_millis(row.try_get_by_index(1)?),
        last_sign_in_at: time(row, 2)?,
        latest,
        deleted_at: time(row, 3)?,
        addresses: addresses.unwrap_or_default(),
    };
    let held = row.try_get_by_index::<Option<String>>(6)?.map(EmailKey::from_stored);
    Ok(Known { id: UserId::new(id), account, held, is_clerks: true })
}

fn time(row: &QueryResult, i: usize) -> Result<Option<Timestamp>, DbErr> {
    Ok(row.try_get_by_index::<Option<i64>>(i)?.map(Timestamp::from_millis))
}

/// The local account with the verified e-mail address of a snapshot, which belongs to the same person.
pub(super) async fn adopted(db: &impl ConnectionTrait, change: &Change) -> Result<Option<Known>, ApiError> {
    let Change::Snapshot(snapshot) = change else { return Ok(None) };
    let Some(address) = snapshot.profile.address.as_ref().filter(|address| address.verified) else {
        return Ok(None);
    };
    let mut sql = Sql::new("SELECT id FROM users WHERE email_key = ");
    sql.bind(address.key.as_str());
    sql.push(" AND NOT EXISTS (SELECT 1 FROM clerk_accounts c WHERE c.user_id = users.id)");
    match sql.one(db).await? {
        Some(row) => local(db, UserId::new(row.try_get_by_index(0)?)).await,
        None => Ok(None),
    }
}

/// A local account that is not deleted.
pub(super) async fn local(db: &impl ConnectionTrait, id: UserId) -> Result<Option<Known>, ApiError> {
    let mut sql = Sql::new(
        "SELECT created_at, last_sign_in_at, email_key FROM users WHERE deleted_at IS NULL AND id = ",
    );
    sql.bind(id.uuid());
    let Some(row) = sql.one(db).await? else { return Ok(None) };
    let created_at = Timestamp::from_millis(row.try_get_by_index(0)?);
    let held = row.try_get_by_index::<Option<String>>(2)?.map(EmailKey::from_stored);
    let account = Account {
        created_at,
        last_sign_in_at: time(&row, 1)?,
        latest: None,
        deleted_at: None,
        addresses: held.iter().map(|key| (key.clone(), created_at)).collect(),
    };
    Ok(Some(Known { id, account, held, is_clerks: false }))
}

/// Upserts the Clerk state of an account.
pub(super) async fn note(
    db: &impl ConnectionTrait,
    clerk_id: &str,
    id: UserId,
    account: &Account,
) -> Result<(), ApiError> {
    let mut sql =
        Sql::new("INSERT INTO clerk_accounts (clerk_id, user_id, updated_at, profile, claimed_key) VALUES (");
    sql.bind_all(values(clerk_id, id, account)?);
    sql.push(
        ") ON CONFLICT (clerk_id) DO UPDATE SET updated_at = excluded.updated_at,
              profile = excluded.profile, claimed_key = excluded.claimed_key",
    );
    sql.execute(db).await?;
    Ok(())
}

/// The values of a row of `clerk_accounts`, in column order.
pub(super) fn values(clerk_id: &str, id: UserId, account: &Account) -> Result<Vec<Value>, ApiError> {
    let (updated_at, profile) = match &account.latest {
        Some((at, profile)) => (Some(at.millis()), Some(serde_json::to_string(profile)?)),
        None => (None, None),
    };
    let claimed = account.claims().map(|address| address.key.as_str().to_owned());
    Ok(vec![clerk_id.into(), id.uuid().into(), updated_at.into(), profile.into(), claimed.into()])
}

/// The successor of an e-mail address: of the accounts that claim it, the one that changed last.
pub(super) async fn heir(
    db: &impl ConnectionTrait,
    key: &EmailKey,
) -> Result<Option<(UserId, Option<Profile>)>, ApiError> {
    let mut sql = Sql::new("SELECT user_id, profile FROM clerk_accounts WHERE claimed_key = ");
    sql.bind(key.as_str()).push(" ORDER BY updated_at DESC, clerk_id DESC LIMIT 1");
    let Some(row) = sql.one(db).await? else { return Ok(None) };
    let profile = row.try_get_by_index::<Option<String>>(1)?;
    let profile = profile.map(|profile| serde_json::from_str(&profile)).transpose()?;
    Ok(Some((UserId::new(row.try_get_by_index(0)?), profile)))
}

/// Reassigns a released e-mail address to its successor, unless an account has it already. Returns the
/// successor.
pub(super) async fn pass_on(db: &impl ConnectionTrait, key: &EmailKey) -> Result<Option<UserId>, ApiError> {
    let mut sql = Sql::new("SELECT id FROM users WHERE email_key = ");
    sql.bind(key.as_str());
    if sql.one(db).await?.is_some() {
        return Ok(None);
    }
    let Some((user, profile)) = heir(db, key).await? else { return Ok(None) };
    let address = profile.and_then(|profile| profile.address).map(|address| (address.email, address.key));
    writes::give(db, user, address).await?;
    Ok(Some(user))
}
