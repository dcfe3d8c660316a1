//! The graph of accounts and e-mail addresses, whose edges are claims: an account has, or had, an e-mail
//! address. Links the accounts of a connected component to customers again.

use std::collections::{BTreeMap, BTreeSet};

use fanbase_domain::{
    email::EmailKey,
    ids::{CustomerId, StoreId, UserId},
    links::{self, Candidate, Claim},
    time::Timestamp,
    wire::activities::ActivityKind,
};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    audience::{counters::CountDelta, timeline},
    db::sql::Sql,
};

/// A connected component of accounts and e-mail addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Claims: an account has or had an e-mail address since a time.
    pub claims: BTreeSet<Claim>,
    /// All e-mail keys.
    pub keys: BTreeSet<String>,
    users: BTreeSet<Uuid>,
}

impl Surroundings {
    /// Loads the component of an account and of e-mail keys.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn of(
        db: &impl ConnectionTrait,
        user: Option<UserId>,
        keys: BTreeSet<String>,
    ) -> Result<Self, DbErr> {
        let mut found =
            Self { claims: BTreeSet::new(), keys, users: user.map(UserId::uuid).into_iter().collect() };
        // Expands to a fixed point; nearly always the first query finds everything.
        loop {
            let known = (found.keys.len(), found.users.len());
            found.claims = found.look(db).await?;
            for claim in &found.claims {
                found.keys.insert(claim.key.as_str().to_owned());
                found.users.insert(claim.user.uuid());
            }
            if known == (found.keys.len(), found.users.len()) {
                return Ok(found);
            }
        }
    }

    async fn look(&self, db: &impl ConnectionTrait) -> Result<BTreeSet<Claim>, DbErr> {
        const CLAIMS: &str = "SELECT a.user_id, a.email_key, a.since, c.clerk_id
             FROM user_addresses a JOIN clerk_accounts c ON c.user_id = a.user_id WHERE ";
        let keys: Vec<&str> = self.keys.iter().map(String::as_str).collect();
        let users: Vec<Uuid> = self.users.iter().copied().collect();
        let mut sql = Sql::new(CLAIMS);
        sql.is_any(db, "a.email_key", &keys).push(" UNION ALL ").push(CLAIMS);
        sql.is_any_id(db, "a.user_id", &users);
        // An account that does not come from Clerk has a single e-mail address.
        sql.push(
            " UNION ALL SELECT u.id, u.email_key, u.created_at, CAST(NULL AS TEXT) FROM users u
              WHERE NOT EXISTS (SELECT 1 FROM clerk_accounts c WHERE c.user_id = u.id) AND ",
        );
        sql.is_any(db, "u.email_key", &keys);
        let mut claims = BTreeSet::new();
        for row in sql.all(db).await? {
            let user: Uuid = row.try_get_by_index(0)?;
            claims.insert(Claim {
                since: Timestamp::from_millis(row.try_get_by_index(2)?),
                name: row.try_get_by_index::<Option<String>>(3)?.unwrap_or_else(|| user.to_string()),
                key: EmailKey::from_stored(row.try_get_by_index(1)?),
                user: UserId::new(user),
            });
        }
        Ok(claims)
    }

    /// Replaces the claims of an account.
    pub fn replace(&mut self, user: UserId, claims: impl IntoIterator<Item = Claim>) {
        self.claims.retain(|claim| claim.user != user);
        self.claims.extend(claims);
    }

    /// Links the accounts to customers again in all stores, with counters and timelines. Ends the links of
    /// the deleted account `gone`.
    ///
    /// # Errors
    /// Returns the error of the database.
    pub async fn relink(
        &self,
        db: &impl ConnectionTrait,
        gone: Option<UserId>,
        at: Timestamp,
    ) -> Result<(), DbErr> {
        let claims: Vec<Claim> = self.claims.iter().cloned().collect();
        for (store_id, customers) in self.customers(db).await? {
            let candidates: Vec<Candidate> = customers.iter().map(|(one, _)| one.clone()).collect();
            let changes: BTreeMap<CustomerId, Option<UserId>> =
                links::relink(&claims, &candidates, gone).into_iter().collect();
            let changed: Vec<(&Candidate, &str, Option<UserId>)> = customers
                .iter()
                .filter_map(|(one, source)| Some((one, source.as_str(), *changes.get(&one.id)?)))
                .collect();
            self.relink_in(db, store_id, &changed, at).await?;
        }
        Ok(())
    }

    async fn relink_in(
        &self,
        db: &impl ConnectionTrait,
        store_id: StoreId,
        changed: &[(&Candidate, &str, Option<UserId>)],
        at: Timestamp,
    ) -> Result<(), DbErr> {
        let mut delta = CountDelta::default();
        let unlinked: Vec<Uuid> =
            changed.iter().filter(|(one, ..)| one.user.is_some()).map(|(one, ..)| one.id.uuid()).collect();
        if !unlinked.is_empty() {
            let mut sql = Sql::new("UPDATE customers SET user_id = NULL WHERE store_id = ");
            sql.bind(store_id.uuid()).push(" AND ").is_any_id(db, "id", &unlinked);
            sql.execute(db).await?;
            let kind = ActivityKind::AccountUnlinked;
            timeline::queries::record_all(db, store_id, &unlinked, kind, None, at).await?;
            delta.link(-i64::try_from(unlinked.len()).unwrap_or(0));
        }
        for (one, source, user) in changed {
            let Some(user) = user else { continue };
            let mut sql = Sql::new("UPDATE customers SET user_id = ");
            sql.bind(user.uuid()).push(" WHERE store_id = ").bind(store_id.uuid());
            sql.push(" AND id = ").bind(one.id.uuid());
            sql.execute(db).await?;
            let claim = self.claims.iter().find(|claim| claim.user == *user && claim.key == one.key);
            let since = claim.map_or(at, |claim| claim.since);
            let (kind, source) = (ActivityKind::AccountLinked, Some((*source).to_owned()));
            timeline::queries::record(db, store_id, one.id.uuid(), kind, source, since).await?;
            delta.link(1);
        }
        delta.apply(db, store_id).await
    }

    /// Customers by store, with their source: those linked to these accounts, and unlinked ones with any of
    /// these e-mail addresses.
    async fn customers(
        &self,
        db: &impl ConnectionTrait,
    ) -> Result<BTreeMap<StoreId, Vec<(Candidate, String)>>, DbErr> {
        const CUSTOMERS: &str = "SELECT store_id, id, email_key, user_id, source FROM customers WHERE ";
        let keys: Vec<&str> = self.keys.iter().map(String::as_str).collect();
        let users: Vec<Uuid> = self.users.iter().copied().collect();
        let mut sql = Sql::new(CUSTOMERS);
        sql.is_any_id(db, "user_id", &users).push(" UNION ALL ").push(CUSTOMERS);
        sql.push("user_id IS NULL AND ").is_any(db, "email_key", &keys);
        let mut customers: BTreeMap<StoreId, Vec<(Candidate, String)>> = BTreeMap::new();
        for row in sql.all(db).await? {
            let candidate = Candidate {
                id: CustomerId::new(row.try_get_by_index(1)?),
                key: EmailKey::from_stored(row.try_get_by_index(2)?),
                user: row.try_get_by_index::<Option<Uuid>>(3)?.map(UserId::new),
            };
            let of_store = customers.entry(StoreId::new(row.try_get_by_index(0)?)).or_default();
            of_store.push((candidate, row.try_get_by_index(4)?));
        }
        Ok(customers)
    }
}

/// The e-mail keys of the customers linked to an account. Other accounts that have these may be linked when
/// the account is deleted.
///
/// # Errors
/// Returns the error of the database.
pub async fn addresses_of_customers(
    db: &impl ConnectionTrait,
    user: UserId,
) -> Result<BTreeSet<String>, DbErr> {
    let mut sql = Sql::new("SELECT email_key FROM customers WHERE user_id = ");
    sql.bind(user.uuid());
    sql.all(db).await?.iter().map(|row| row.try_get_by_index(0)).collect()
}
