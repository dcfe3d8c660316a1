//! Pages, counts and drift checks of the list of fans.

use std::collections::BTreeMap;

use fanbase_domain::{
    fan::{Fan, FanType},
    filter::FanFilter,
    ids::StoreId,
    page::{Cursor, Sort, Step},
    wire::fans::{FanCountsResponse, RecountResponse},
};
use sea_orm::{DatabaseTransaction, TransactionTrait as _};
use uuid::Uuid;

use super::catalogue_search;
use super::{
    access_path::Plans,
    filtered_counts,
    list::{self, Fans, Query},
    params::FanParams,
    rank_index, visibility,
};
use crate::{
    app_state::{AppState, State},
    audience::counters,
    auth::scope::StoreScope,
    db::Db,
    error::ApiError,
};

/// Opens a read transaction, which sees one state of the database. Drop it to release it: there is nothing to
/// commit.
///
/// # Errors
/// [`ApiError::Database`] when the database fails.
pub async fn snapshot(db: &Db) -> Result<DatabaseTransaction, ApiError> {
    Ok(db.read().begin().await?)
}

/// Prepares a filter: leaves out what the caller may not see, and looks up the search's matches in the
/// catalogue.
///
/// # Errors
/// The error of [`visibility::restrict`], or of the database.
pub async fn prepare<P>(
    db: &Db,
    scope: &StoreScope<P>,
    filter: &mut FanFilter,
    sort: Option<Sort>,
) -> Result<(), ApiError> {
    visibility::restrict(scope, filter, sort)?;
    if let Some(search) = &filter.search {
        filter.found = catalogue_search::find(db.read(), scope.id(), search).await?;
    }
    Ok(())
}

/// A page of fans.
///
/// # Errors
/// [`ApiError::Database`] when the database fails.
pub async fn page(db: &Db, plans: &Plans, query: &Query<'_>) -> Result<Fans, ApiError> {
    let snapshot = snapshot(db).await?;
    list::read(&snapshot, plans, query).await
}

/// A single fan.
///
/// # Errors
/// [`ApiError::NotFound`] when the store has no such fan.
pub async fn find(db: &Db, store_id: StoreId, id: Uuid) -> Result<Fan, ApiError> {
    let snapshot = snapshot(db).await?;
    list::find(&snapshot, store_id, id).await
}

/// The exact number of matching fans by type.
///
/// # Errors
/// [`ApiError::Database`] when the database fails.
pub async fn count(
    db: &Db,
    plans: &Plans,
    store_id: StoreId,
    filter: &FanFilter,
) -> Result<FanCountsResponse, ApiError> {
    if filter.only_types() {
        let mut fans = counters::read(db.read(), store_id).await?.fans();
        for kind in FanType::ALL {
            if !filter.admits_type(kind) {
                *fans.of(kind) = 0;
            }
        }
        return Ok(fans.summed());
    }
    filtered_counts::count(&snapshot(db).await?, plans, store_id, filter).await
}

/// Recomputes the counters and compares. Drift is reported and logged as an error, never silently repaired.
///
/// # Errors
/// [`ApiError::Database`] when the database fails.
pub async fn drift(db: &Db, store_id: StoreId) -> Result<RecountResponse, ApiError> {
    let snapshot = snapshot(db).await?;
    let counters = counters::read(&snapshot, store_id).await?;
    let truth = counters::recount(&snapshot, store_id).await?;
    let mut drift = BTreeMap::new();
    for counter in counters.of_store.keys().chain(truth.of_store.keys()) {
        let of = |counters: &counters::Counters| counters.of_store.get(counter).copied().unwrap_or(0);
        if of(&counters) != of(&truth) {
            drift.insert(counter.clone(), of(&counters) - of(&truth));
        }
    }
    let accounts_drift = counters.users - truth.users;
    if !drift.is_empty() || accounts_drift != 0 {
        tracing::error!(
            store.id = %store_id, counters.drift = ?drift, accounts.drift = accounts_drift, "counters drifted"
        );
    }
    Ok(RecountResponse { counts: truth.fans(), drift, accounts_drift })
}

/// Builds the rank index in the background once the start of a whole list was read: the user may drag its
/// scroll bar next.
pub fn expect_jumps(state: &State, store_id: StoreId, params: &FanParams) {
    let FanParams { filter, sort, .. } = params;
    if filter.only_types() && state.ladders.begin(store_id, *sort, filter) {
        let (state, filter, sort) = (state.clone(), filter.clone(), *sort);
        actix_web::rt::spawn(async move {
            let built = async {
                let commits = state.db.commits();
                let total = count(&state.db, &state.plans, store_id, &filter).await?.total;
                let snapshot = snapshot(&state.db).await?;
                let list = (store_id, sort, &filter);
                state.ladders.of(&snapshot, &state.plans, list, (commits, total)).await?;
                Ok::<_, ApiError>(())
            };
            if let Err(error) = built.await {
                tracing::warn!(error.detail = error.log_detail(), "a list is not ready for jumps");
            }
        });
    }
}

/// Finds a rank: returns its cursor, and the actual rank of that cursor. Ranks beyond the end yield the last
/// one.
///
/// # Errors
/// [`ApiError::Database`] when the database fails.
pub async fn at_rank(
    state: &AppState,
    store_id: StoreId,
    params: &FanParams,
    rank: u64,
) -> Result<(Option<Cursor>, Option<u64>), ApiError> {
    let FanParams { filter, sort, .. } = params;
    // A whole list is scanned by its index; a filtered list is a long read.
    let _turn = match filter.only_types() {
        true => None,
        false => Some(state.long_reads.turn().await?),
    };
    let commits = state.db.commits();
    let total = count(&state.db, &state.plans, store_id, filter).await?.total;
    let snapshot = snapshot(&state.db).await?;
    let list = (store_id, *sort, filter);
    let ladder = state.ladders.of(&snapshot, &state.plans, list, (commits, total)).await?;
    let Some((rung, position)) = ladder.before(rank.min(total.saturating_sub(1))) else {
        return Ok((None, Some(0)));
    };
    let from_rung = Cursor { position: position.clone(), step: Step::From };
    let steps = rank.min(total.saturating_sub(1)).saturating_sub(rung);
    let query = Query {
        store_id,
        filter,
        sort: *sort,
        cursor: Some(&from_rung),
        limit: steps.min(rank_index::RUNG) + 1,
    };
    let positions = list::positions(&snapshot, &state.plans, &query).await?;
    Ok(match positions.len().checked_sub(1) {
        Some(last) => {
            let position = positions.into_iter().next_back();
            let cursor = position.map(|position| Cursor { position, step: Step::From });
            (cursor, Some(rung + last as u64))
        }
        None => (Some(from_rung), Some(rung)),
    })
}
