//! Pages, counts and proofs of the fan list.

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

/// A state of the database that does not change while it is read. It is let go of when it is dropped:
/// there is nothing to commit, and nobody has to wait for the answer.
///
/// # Errors
/// When the database fails.
pub async fn snapshot(db: &Db) -> Result<DatabaseTransaction, ApiError> {
    Ok(db.read().begin().await?)
}

/// Gets ready what is asked for: leaves out what is hidden from who asks, and looks up what the search
/// finds in the catalogue.
///
/// # Errors
/// When fans are told apart by money, which the role does not see, or the database fails.
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
/// When the database fails.
pub async fn page(db: &Db, plans: &Plans, query: &Query<'_>) -> Result<Fans, ApiError> {
    let snapshot = snapshot(db).await?;
    list::read(&snapshot, plans, query).await
}

/// One fan.
///
/// # Errors
/// When the store has none of this id.
pub async fn find(db: &Db, store_id: StoreId, id: Uuid) -> Result<Fan, ApiError> {
    let snapshot = snapshot(db).await?;
    list::find(&snapshot, store_id, id).await
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

/// Counts everything anew and compares it with the counters. Drift is an alarm: it is
/// told and logged, never silently repaired.
///
/// # Errors
/// When the database fails.
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

/// Whoever sees the start of a whole list may drag its scroll bar next: gets ready for it.
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

/// Where the fan of a rank is: a cursor, and the rank it really has. Ranks beyond the end
/// mean the end.
///
/// # Errors
/// When the database fails.
pub async fn at_rank(
    state: &AppState,
    store_id: StoreId,
    params: &FanParams,
    rank: u64,
) -> Result<(Option<Cursor>, Option<u64>), ApiError> {
    let FanParams { filter, sort, .. } = params;
    // A whole list is kept in order by its index; what a filter admits has to be gone through.
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
