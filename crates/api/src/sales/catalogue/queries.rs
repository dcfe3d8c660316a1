//! SQL of the catalogue.

use std::collections::{BTreeMap, BTreeSet};

use fanbase_domain::{
    facts::Period,
    ids::StoreId,
    money::Currency,
    stripe::Hint,
    time::Timestamp,
    wire::catalogue::{ItemKind, ItemResponse, PriceResponse},
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use uuid::Uuid;

use super::{Item, table};
use crate::{
    db::{
        bulk::{self, OnConflict, Target, Type},
        column::known,
        is_sqlite,
        sql::Sql,
    },
    error::ApiError,
};

/// Entries on a page.
pub const PAGE: usize = 200;

const STRIPE_PRICES: Target = Target {
    table: "stripe_prices",
    columns: &[
        ("store_id", Type::Uuid),
        ("price", Type::Text),
        ("kind", Type::Text),
        ("item_id", Type::Uuid),
    ],
    on_conflict: OnConflict::Fail,
};

/// How an entry is found.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    /// By its id.
    Id(Uuid),
    /// By its reference at the source.
    Reference(&'a str),
}

fn select(kind: ItemKind, store_id: StoreId) -> Sql {
    let period = match kind {
        ItemKind::Plan => "period, period_count",
        ItemKind::Course | ItemKind::Product => "CAST(NULL AS TEXT), CAST(NULL AS BIGINT)",
    };
    let mut sql = Sql::new(&format!(
        "SELECT id, reference, title, amount, currency, created_at, archived_at, {period} FROM {} WHERE store_id = ",
        table(kind)
    ));
    sql.bind(store_id.uuid());
    sql
}

/// Reads an entry, if there is one. With `lock`, its row is locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn find(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    kind: ItemKind,
    which: Which<'_>,
    lock: bool,
) -> Result<Option<ItemResponse>, DbErr> {
    let mut sql = select(kind, store_id);
    match which {
        Which::Id(id) => sql.push(" AND id = ").bind(id),
        Which::Reference(reference) => sql.push(" AND reference = ").bind(reference),
    };
    if lock && !is_sqlite(db) {
        sql.push(" FOR UPDATE");
    }
    let Some(row) = sql.one(db).await? else { return Ok(None) };
    let mut item = item(&row)?;
    item.stripe_prices = prices_of(db, store_id, &[item.id]).await?.remove(&item.id).unwrap_or_default();
    Ok(Some(item))
}

/// A page of entries by reference, and whether there are more.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    kind: ItemKind,
    after: Option<&str>,
) -> Result<(Vec<ItemResponse>, bool), DbErr> {
    let mut sql = select(kind, store_id);
    if let Some(after) = after {
        sql.push(" AND reference > ").bind(after);
    }
    sql.push(&format!(" ORDER BY reference LIMIT {}", PAGE + 1));
    let rows = sql.all(db).await?;
    let mut items = rows.iter().map(item).collect::<Result<Vec<_>, _>>()?;
    let more = items.len() > PAGE;
    items.truncate(PAGE);
    let ids: Vec<Uuid> = items.iter().map(|item| item.id).collect();
    let mut prices = prices_of(db, store_id, &ids).await?;
    for item in &mut items {
        item.stripe_prices = prices.remove(&item.id).unwrap_or_default();
    }
    Ok((items, more))
}

fn item(row: &QueryResult) -> Result<ItemResponse, DbErr> {
    let price = match (row.try_get_by_index(3)?, row.try_get_by_index::<Option<String>>(4)?) {
        (Some(amount), Some(currency)) => {
            Some(PriceResponse { amount, currency: known(Currency::parse(&currency), "currency")? })
        }
        _ => None,
    };
    let interval = row.try_get_by_index::<Option<String>>(7)?;
    Ok(ItemResponse {
        id: row.try_get_by_index(0)?,
        reference: row.try_get_by_index(1)?,
        title: row.try_get_by_index(2)?,
        price,
        interval: interval.map(|period| known(Period::parse(&period), "period")).transpose()?,
        interval_count: row.try_get_by_index(8)?,
        stripe_prices: Vec::new(),
        archived: row.try_get_by_index::<Option<i64>>(6)?.is_some(),
        created_at: Timestamp::from_millis(row.try_get_by_index(5)?),
    })
}

async fn prices_of(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    items: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<String>>, DbErr> {
    let mut prices: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    if items.is_empty() {
        return Ok(prices);
    }
    let mut sql = Sql::new("SELECT item_id, price FROM stripe_prices WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND ").is_any_id(db, "item_id", items).push(" ORDER BY price");
    for row in sql.all(db).await? {
        prices.entry(row.try_get_by_index(0)?).or_default().push(row.try_get_by_index(1)?);
    }
    Ok(prices)
}

/// Inserts an entry.
///
/// # Errors
/// `ApiError::Conflict` when the reference, or one of its Stripe prices, belongs to another entry.
pub async fn insert(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    kind: ItemKind,
    item: &ItemResponse,
) -> Result<(), ApiError> {
    let is_plan = kind == ItemKind::Plan;
    let period = if is_plan { ", period, period_count" } else { "" };
    let mut sql = Sql::new(&format!(
        "INSERT INTO {} (store_id, id, reference, title, amount, currency, created_at{period}) VALUES (",
        table(kind)
    ));
    sql.bind(store_id.uuid()).push(", ").bind(item.id);
    sql.push(", ").bind(item.reference.as_str()).push(", ").bind(item.title.as_str());
    sql.push(", ").bind(item.price.map(|price| price.amount));
    sql.push(", ").bind(item.price.map(|price| price.currency.to_string()));
    sql.push(", ").bind(item.created_at.millis());
    if is_plan {
        sql.push(", ").bind(item.interval.unwrap_or(Period::Month).as_str());
        sql.push(", ").bind(item.interval_count.unwrap_or(1));
    }
    sql.push(")");
    let taken = ApiError::Conflict("The store has another one of this reference. Change that one.");
    sql.execute(db).await.map_err(|error| ApiError::on_unique(error, taken))?;
    insert_prices(db, store_id, kind, item).await
}

/// Updates the mutable columns of an entry and its Stripe prices.
///
/// # Errors
/// `ApiError::Conflict` when one of its Stripe prices belongs to another entry.
pub async fn update(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    kind: ItemKind,
    item: &ItemResponse,
    now: Timestamp,
) -> Result<(), ApiError> {
    let mut sql = Sql::new(&format!("UPDATE {} SET title = ", table(kind)));
    sql.bind(item.title.as_str()).push(", amount = ").bind(item.price.map(|price| price.amount));
    sql.push(", currency = ").bind(item.price.map(|price| price.currency.to_string()));
    sql.push(", archived_at = ");
    if item.archived {
        sql.push("COALESCE(archived_at, ").bind(now.millis()).push(")");
    } else {
        sql.push("NULL");
    }
    sql.push(" WHERE store_id = ").bind(store_id.uuid()).push(" AND id = ").bind(item.id);
    sql.execute(db).await?;
    let mut sql = Sql::new("DELETE FROM stripe_prices WHERE store_id = ");
    sql.bind(store_id.uuid()).push(" AND item_id = ").bind(item.id);
    sql.execute(db).await?;
    insert_prices(db, store_id, kind, item).await
}

async fn insert_prices(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    kind: ItemKind,
    item: &ItemResponse,
) -> Result<(), ApiError> {
    let rows: Vec<Vec<Value>> = item
        .stripe_prices
        .iter()
        .map(|price| {
            vec![store_id.uuid().into(), price.as_str().into(), kind.as_str().into(), item.id.into()]
        })
        .collect();
    let taken = ApiError::Conflict("Something else in the catalogue is sold by one of these prices.");
    let inserted = bulk::insert(db, &STRIPE_PRICES, Box::new(rows.into_iter())).await;
    inserted.map(drop).map_err(|error| ApiError::on_unique(error, taken))
}

/// Catalogue entries that Stripe events name, by reference or by price.
#[derive(Debug, Default)]
pub struct Sold {
    references: BTreeMap<(ItemKind, String), Item>,
    prices: BTreeMap<String, Item>,
}

impl Sold {
    /// Loads all entries that some events name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read(
        db: &impl ConnectionTrait,
        store_id: StoreId,
        hints: impl Iterator<Item = &Hint>,
    ) -> Result<Self, DbErr> {
        let mut references: BTreeMap<ItemKind, BTreeSet<&str>> = BTreeMap::new();
        let mut prices = BTreeSet::new();
        for hint in hints {
            for (kind, reference) in named(hint) {
                references.entry(kind).or_default().insert(reference);
            }
            prices.extend(hint.prices.iter().map(String::as_str));
        }
        let mut sold = Self::default();
        for (kind, references) in references {
            let references: Vec<&str> = references.into_iter().collect();
            let mut sql = select(kind, store_id);
            sql.push(" AND ").is_any(db, "reference", &references);
            for row in sql.all(db).await? {
                let found = item(&row)?;
                sold.references.insert((kind, found.reference.clone()), Item::of(kind, &found));
            }
        }
        sold.prices = of_prices(db, store_id, &prices).await?;
        Ok(sold)
    }

    /// The entry of one event: the one named in the metadata, else that of its first known price.
    #[must_use]
    pub fn of(&self, hint: &Hint) -> Option<&Item> {
        let mut of_references =
            named(hint).filter_map(|(kind, reference)| self.references.get(&(kind, reference.to_owned())));
        of_references.next().or_else(|| hint.prices.iter().find_map(|price| self.prices.get(price)))
    }
}

fn named(hint: &Hint) -> impl Iterator<Item = (ItemKind, &str)> {
    let kinds =
        [(ItemKind::Product, &hint.product), (ItemKind::Course, &hint.course), (ItemKind::Plan, &hint.plan)];
    kinds.into_iter().filter_map(|(kind, reference)| Some((kind, reference.as_deref()?)))
}

async fn of_prices(
    db: &impl ConnectionTrait,
    store_id: StoreId,
    prices: &BTreeSet<&str>,
) -> Result<BTreeMap<String, Item>, DbErr> {
    if prices.is_empty() {
        return Ok(BTreeMap::new());
    }
    let prices: Vec<&str> = prices.iter().copied().collect();
    let title = |kind: ItemKind| {
        let table = table(kind);
        format!("(SELECT title FROM {table} t WHERE t.store_id = p.store_id AND t.id = p.item_id)")
    };
    let titles: Vec<String> = ItemKind::ALL.iter().map(|kind| title(*kind)).collect();
    let mut sql = Sql::new(&format!(
        "SELECT p.price, p.kind, p.item_id, COALESCE({}) FROM stripe_prices p WHERE p.store_id = ",
        titles.join(", ")
    ));
    sql.bind(store_id.uuid()).push(" AND ").is_any(db, "p.price", &prices);
    let read = |row: &QueryResult| {
        let kind = known(ItemKind::parse(&row.try_get_by_index::<String>(1)?), "kind")?;
        let which = Some((kind, row.try_get_by_index(2)?));
        Ok((row.try_get_by_index(0)?, Item { which, title: row.try_get_by_index(3)? }))
    };
    sql.all(db).await?.iter().map(read).collect()
}
