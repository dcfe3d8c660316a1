//! Pages, counts and proofs of the fan list.

use std::collections::BTreeMap;

use fanbase_domain::{
    fan::{Fan, FanType},
    filter::FanFilter,
    ids::StoreId,
    wire::fans::{FanCountsResponse, RecountResponse},
};
use sea_orm::{AccessMode, ConnectionTrait, DatabaseTransaction, IsolationLevel, TransactionTrait as _};
use uuid::Uuid;

use super::{
    conditions, counts,
    list::{self, Fans, Query},
    plan::{self, Plan, Plans},
};
use crate::{
    db::{Db, is_sqlite, sql::Sql},
    error::ApiError,
};

/// A state of the database that does not change while it is read.
///
/// # Errors
/// When the database fails.
pub async fn snapshot(db: &Db) -> Result<DatabaseTransaction, ApiError> {
    if is_sqlite(db.read()) {
        return Ok(db.read().begin().await?);
    }
    let (isolation, access) = (IsolationLevel::RepeatableRead, AccessMode::ReadOnly);
    Ok(db.read().begin_with_config(Some(isolation), Some(access)).await?)
}

/// A page of fans.
///
/// # Errors
/// When the database fails.
pub async fn page(db: &Db, plans: &Plans, query: &Query<'_>) -> Result<Fans, ApiError> {
    let snapshot = snapshot(db).await?;
    let fans = list::read(&snapshot, plans, query).await?;
    snapshot.commit().await?;
    Ok(fans)
}

/// One fan.
///
/// # Errors
/// When the store has none of this id.
pub async fn find(db: &Db, store_id: StoreId, id: Uuid) -> Result<Fan, ApiError> {
    let snapshot = snapshot(db).await?;
    let fan = list::find(&snapshot, store_id, id).await?;
    snapshot.commit().await?;
    Ok(fan)
}

/// How many fans a filter admits, by type. Exact.
///
/// # Errors
/// When the database fails.
pub async fn count(
    db: &Db,
    plans: &Plans,
    store_id: StoreId,
    filter: &FanFilter,
) -> Result<FanCountsResponse, ApiError> {
    if filter.only_types() {
        let mut fans = counts::read(db.read(), store_id).await?.fans();
        for kind in FanType::ALL {
            if !filter.admits_type(kind) {
                *fans.of(kind) = 0;
            }
        }
        return Ok(fans.summed());
    }
    let snapshot = snapshot(db).await?;
    let fans = count_filtered(&snapshot, plans, store_id, filter).await?;
    snapshot.commit().await?;
    Ok(fans)
}

async fn count_filtered(
    db: &impl ConnectionTrait,
    plans: &Plans,
    store_id: StoreId,
    filter: &FanFilter,
) -> Result<FanCountsResponse, ApiError> {
    let mut counts = FanCountsResponse::default();
    if filter.admits_customers() {
        let mut sql = Sql::new("SELECT c.kind, COUNT(*) FROM ");
        match plans.of_customers(db, store_id, filter).await? {
            Plan::Gather(driver) => plan::candidates(&mut sql, db, store_id, filter, driver),
            Plan::Walk => {
                sql.push("customers c WHERE c.store_id = ").bind(store_id.uuid());
            }
        }
        conditions::of_customers(&mut sql, db, store_id, filter);
        sql.push(" GROUP BY c.kind");
        for row in sql.all(db).await? {
            let (kind, n): (String, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            if let Some(kind) = FanType::parse(&kind) {
                *counts.of(kind) = u64::try_from(n).unwrap_or(0);
            }
        }
    }
    if filter.admits_users() {
        let mut sql = Sql::new("SELECT COUNT(*) FROM ");
        match (plans.of_users(db, filter).await?, &filter.search) {
            (Plan::Gather(_), Some(search)) => plan::users_found(&mut sql, db, search),
            _ => {
                sql.push("users u WHERE TRUE");
            }
        }
        conditions::of_users(&mut sql, db, filter);
        conditions::unlinked(&mut sql, store_id);
        counts.user = u64::try_from(sql.number(db).await?).unwrap_or(0);
    }
    Ok(counts.summed())
}

/// Counts everything anew and compares it with the counters. Drift is an alarm: it is
/// told and logged, never silently repaired.
///
/// # Errors
/// When the database fails.
pub async fn drift(db: &Db, store_id: StoreId) -> Result<RecountResponse, ApiError> {
    let snapshot = snapshot(db).await?;
    let counters = counts::read(&snapshot, store_id).await?;
    let truth = counts::recount(&snapshot, store_id).await?;
    snapshot.commit().await?;
    let mut drift = BTreeMap::new();
    for counter in counters.of_store.keys().chain(truth.of_store.keys()) {
        let of = |counters: &counts::Counters| counters.of_store.get(counter).copied().unwrap_or(0);
        if of(&counters) != of(&truth) {
            drift.insert(counter.clone(), of(&counters) - of(&truth));
        }
    }
    if counters.users != truth.users {
        drift.insert("users".to_owned(), counters.users - truth.users);
    }
    if !drift.is_empty() {
        tracing::error!(store.id = %store_id, counters.drift = ?drift, "counters drifted");
    }
    Ok(RecountResponse { counts: truth.fans(), drift })
}
