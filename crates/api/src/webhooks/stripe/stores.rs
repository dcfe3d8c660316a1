//! Which store an event is about. No event of Stripe names one by itself.
//!
//! A connected account belongs to one store, and what it sends is about that store alone, whatever
//! its metadata say: whoever owns it can write them. Events of the platform's own account are about
//! the store that the metadata name, or else the one that sells by the price, or else the one that
//! knows the payment or subscription already.

use std::collections::BTreeSet;

use fanbase_domain::{
    ids::StoreId,
    stripe::{Event, Notice},
};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{db::sql::Sql, error::ApiError};

/// A store, or a sentence that says why there is none.
pub(super) type Found = Result<StoreId, String>;

/// The store that an event is about.
pub(super) async fn of_event(
    db: &impl ConnectionTrait,
    event: &Event,
    notice: &Notice,
) -> Result<Found, ApiError> {
    if let Some(account) = &event.account {
        return of_account(db, account).await;
    }
    if let Some(name) = &notice.hint.store {
        return of_name(db, name).await;
    }
    match of_prices(db, &notice.hint.prices).await?.as_slice() {
        [store] => return Ok(Ok(*store)),
        [] => {}
        _ => return Ok(Err("Several stores sell by the price that the event names.".to_owned())),
    }
    let names: Vec<&str> = notice.names().collect();
    match of_names(db, &names).await?.as_slice() {
        [store] => Ok(Ok(*store)),
        [] => Ok(Err("No store is named, sells by a price of the event, or knows the payment or \
                      subscription. Replay the event once one does."
            .to_owned())),
        _ => Ok(Err("Several stores know a payment or subscription of this id.".to_owned())),
    }
}

/// The store that a connected account belongs to.
pub(super) async fn of_account(db: &impl ConnectionTrait, account: &str) -> Result<Found, ApiError> {
    let mut sql = Sql::new("SELECT id FROM stores WHERE stripe_account = ");
    sql.bind(account);
    let found = ids(sql, db).await?.first().copied();
    Ok(found.ok_or_else(|| format!("No store is connected to the account {account}.")))
}

async fn of_name(db: &impl ConnectionTrait, name: &str) -> Result<Found, ApiError> {
    let mut sql = Sql::new("SELECT id FROM stores WHERE ");
    match Uuid::parse_str(name) {
        Ok(id) => sql.push("id = ").bind(id),
        Err(_) => sql.push("slug = ").bind(name),
    };
    let found = ids(sql, db).await?.first().copied();
    Ok(found.ok_or_else(|| format!("There is no store called \"{name}\", as the metadata say.")))
}

/// Only stores that an admin lets take such events: anybody can say that they sell by a price.
async fn of_prices(db: &impl ConnectionTrait, prices: &[String]) -> Result<Vec<StoreId>, DbErr> {
    if prices.is_empty() {
        return Ok(Vec::new());
    }
    let prices: Vec<&str> = prices.iter().map(String::as_str).collect();
    let mut sql = Sql::new(
        "SELECT DISTINCT s.id FROM stripe_prices p JOIN stores s ON s.id = p.store_id
         WHERE s.takes_platform_events AND ",
    );
    sql.is_any(db, "p.price", &prices);
    ids(sql, db).await
}

async fn of_names(db: &impl ConnectionTrait, names: &[&str]) -> Result<Vec<StoreId>, DbErr> {
    let mut sql = Sql::new("SELECT store_id FROM payment_names WHERE ");
    sql.is_any(db, "name", names).push(" UNION SELECT store_id FROM subscriptions WHERE ");
    sql.is_any(db, "reference", names);
    let found: BTreeSet<StoreId> = ids(sql, db).await?.into_iter().collect();
    Ok(found.into_iter().collect())
}

async fn ids(sql: Sql, db: &impl ConnectionTrait) -> Result<Vec<StoreId>, DbErr> {
    sql.all(db).await?.iter().map(|row| Ok(StoreId::new(row.try_get_by_index(0)?))).collect()
}
