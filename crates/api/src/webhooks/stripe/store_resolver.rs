//! Resolves the store of an event, which Stripe's events do not name by themselves.
//!
//! A connected account belongs to one store, and its events concern that store only, whatever their metadata
//! contain: the account's owner can write the metadata. Events of the platform's own account concern the
//! store named in the metadata, else the store that sells by the price, else the store that knows the payment
//! or subscription.

use std::collections::{BTreeMap, BTreeSet};

use fanbase_domain::{
    ids::StoreId,
    stripe::{Event, Notice},
};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::db::sql::Sql;

/// A store, or a message with the reason why it is unknown.
pub(super) type Found = Result<StoreId, String>;

/// Lookup tables for the stores of some events.
#[derive(Debug, Default)]
pub(super) struct Stores {
    accounts: BTreeMap<String, StoreId>,
    ids: BTreeSet<StoreId>,
    slugs: BTreeMap<String, StoreId>,
    prices: BTreeMap<String, BTreeSet<StoreId>>,
    names: BTreeMap<String, BTreeSet<StoreId>>,
}

impl Stores {
    /// Loads the candidates for some events.
    pub(super) async fn of_events(
        db: &impl ConnectionTrait,
        events: impl Iterator<Item = (&Event, &Notice)> + Clone,
    ) -> Result<Self, DbErr> {
        let accounts = events.clone().filter_map(|(event, _)| event.account.as_deref());
        let mut stores = Self::of_accounts(db, accounts).await?;
        let platforms: Vec<&Notice> =
            events.filter(|(event, _)| event.account.is_none()).map(|(_, notice)| notice).collect();
        let called: BTreeSet<&str> =
            platforms.iter().filter_map(|notice| notice.hint.store.as_deref()).collect();
        stores.look_up_names(db, &called).await?;
        let nameless = || platforms.iter().filter(|notice| notice.hint.store.is_none());
        let prices: BTreeSet<&str> =
            nameless().flat_map(|notice| &notice.hint.prices).map(String::as_str).collect();
        stores.prices = of_prices(db, &prices).await?;
        let facts: BTreeSet<&str> = nameless().flat_map(|notice| notice.names()).collect();
        stores.names = of_facts(db, &facts).await?;
        Ok(stores)
    }

    /// Loads the stores of connected accounts.
    pub(super) async fn of_accounts(
        db: &impl ConnectionTrait,
        accounts: impl Iterator<Item = &str>,
    ) -> Result<Self, DbErr> {
        let accounts: BTreeSet<&str> = accounts.collect();
        if accounts.is_empty() {
            return Ok(Self::default());
        }
        let mut sql = Sql::new("SELECT stripe_account, id FROM stores WHERE ");
        sql.is_any(db, "stripe_account", &accounts.into_iter().collect::<Vec<_>>());
        Ok(Self { accounts: pairs(sql, db).await?.into_iter().collect(), ..Self::default() })
    }

    async fn look_up_names(
        &mut self,
        db: &impl ConnectionTrait,
        called: &BTreeSet<&str>,
    ) -> Result<(), DbErr> {
        if called.is_empty() {
            return Ok(());
        }
        let ids: Vec<Uuid> = called.iter().filter_map(|name| Uuid::parse_str(name).ok()).collect();
        let slugs: Vec<&str> = called.iter().copied().filter(|name| Uuid::parse_str(name).is_err()).collect();
        let mut sql = Sql::new("SELECT slug, id FROM stores WHERE ");
        sql.is_any(db, "slug", &slugs).push(" OR ").is_any_id(db, "id", &ids);
        for (slug, id) in pairs(sql, db).await? {
            self.ids.insert(id);
            self.slugs.insert(slug, id);
        }
        Ok(())
    }

    /// The store of a connected account.
    pub(super) fn of_account(&self, account: &str) -> Found {
        let found = self.accounts.get(account).copied();
        found.ok_or_else(|| format!("No store is connected to the account {account}."))
    }

    /// The store of an event.
    pub(super) fn of_event(&self, event: &Event, notice: &Notice) -> Found {
        if let Some(account) = &event.account {
            return self.of_account(account);
        }
        if let Some(name) = &notice.hint.store {
            return self.of_name(name);
        }
        let of_prices = all(&self.prices, notice.hint.prices.iter().map(String::as_str));
        let of_names = all(&self.names, notice.names());
        match (Vec::from_iter(of_prices).as_slice(), Vec::from_iter(of_names).as_slice()) {
            ([store], _) | ([], [store]) => Ok(*store),
            ([], []) => Err("No store is named, sells by a price of the event, or knows the payment or \
                             subscription. Replay the event once one does."
                .to_owned()),
            ([], _) => Err("Several stores know a payment or subscription of this id.".to_owned()),
            _ => Err("Several stores sell by the price that the event names.".to_owned()),
        }
    }

    fn of_name(&self, name: &str) -> Found {
        let found = match Uuid::parse_str(name) {
            Ok(id) => self.ids.get(&StoreId::new(id)),
            Err(_) => self.slugs.get(name),
        };
        found.copied().ok_or_else(|| format!("There is no store called \"{name}\", as the metadata say."))
    }
}

fn all<'a>(
    stores: &BTreeMap<String, BTreeSet<StoreId>>,
    names: impl Iterator<Item = &'a str>,
) -> BTreeSet<StoreId> {
    names.filter_map(|name| stores.get(name)).flatten().copied().collect()
}

/// Only stores that an admin has allowed to take platform events: any store can claim to sell by a price.
async fn of_prices(
    db: &impl ConnectionTrait,
    prices: &BTreeSet<&str>,
) -> Result<BTreeMap<String, BTreeSet<StoreId>>, DbErr> {
    if prices.is_empty() {
        return Ok(BTreeMap::new());
    }
    let prices: Vec<&str> = prices.iter().copied().collect();
    let mut sql = Sql::new(
        "SELECT p.price, s.id FROM stripe_prices p JOIN stores s ON s.id = p.store_id
         WHERE s.takes_platform_events AND ",
    );
    sql.is_any(db, "p.price", &prices);
    Ok(grouped(pairs(sql, db).await?))
}

/// Only facts from the platform's own events, or of stores that an admin has allowed to take platform events:
/// an API key of any store can report a payment with any name.
async fn of_facts(
    db: &impl ConnectionTrait,
    names: &BTreeSet<&str>,
) -> Result<BTreeMap<String, BTreeSet<StoreId>>, DbErr> {
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let names: Vec<&str> = names.iter().copied().collect();
    let trusted = " AND (f.is_platforms OR s.takes_platform_events)";
    let mut sql =
        Sql::new("SELECT f.name, f.store_id FROM payment_names f JOIN stores s ON s.id = f.store_id WHERE ");
    sql.is_any(db, "f.name", &names).push(trusted);
    sql.push(
        " UNION SELECT f.reference, f.store_id FROM subscriptions f JOIN stores s ON s.id = f.store_id WHERE ",
    );
    sql.is_any(db, "f.reference", &names).push(trusted);
    Ok(grouped(pairs(sql, db).await?))
}

/// Marks the facts with these names in a store as reported by the platform's own events.
pub(super) async fn trust(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    names: &BTreeSet<&str>,
) -> Result<(), DbErr> {
    if names.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = names.iter().copied().collect();
    for (table, column) in [("payment_names", "name"), ("subscriptions", "reference")] {
        let mut sql = Sql::new(&format!("UPDATE {table} SET is_platforms = TRUE WHERE store_id = "));
        sql.bind(store_id.uuid()).push(" AND NOT is_platforms AND ").is_any(db, column, &names);
        sql.execute(db).await?;
    }
    Ok(())
}

fn grouped(pairs: Vec<(String, StoreId)>) -> BTreeMap<String, BTreeSet<StoreId>> {
    let mut stores: BTreeMap<String, BTreeSet<StoreId>> = BTreeMap::new();
    for (name, store) in pairs {
        stores.entry(name).or_default().insert(store);
    }
    stores
}

async fn pairs(sql: Sql, db: &impl ConnectionTrait) -> Result<Vec<(String, StoreId)>, DbErr> {
    let read = |row: &sea_orm::QueryResult| {
        Ok((row.try_get_by_index(0)?, StoreId::new(row.try_get_by_index::<Uuid>(1)?)))
    };
    sql.all(db).await?.iter().map(read).collect()
}
