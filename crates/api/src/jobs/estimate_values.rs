//! Estimates the lifetime value of large stores' customers before the first request, which would otherwise
//! wait for the estimate. An interrupted estimate is repeated at the next run. Once a store has a report,
//! this job skips it: requests return the stored report and may trigger the next estimate.

use fanbase_domain::ids::StoreId;

use crate::{accounts::stores, app_state::AppState, db::sql::Sql, error::ApiError, sales::lifetime_value};

/// Number of payments above which an estimate takes noticeably long.
const MANY: u64 = 20_000;

/// Estimates every store that has many payments and no report yet, until the server stops.
///
/// # Errors
/// When the database fails.
pub async fn run(state: &AppState) -> Result<(), ApiError> {
    let sql = Sql::new(
        "SELECT s.id FROM stores s
         WHERE NOT EXISTS (SELECT 1 FROM worth_reports w WHERE w.store_id = s.id) ORDER BY s.id",
    );
    for row in sql.all(state.db.read()).await? {
        let id = StoreId::new(row.try_get_by_index(0)?);
        if !has_many_payments(state, id).await? {
            continue;
        }
        let surveyed = tokio::select! {
            () = state.stopping.cancelled() => break,
            surveyed = survey(state, id) => surveyed,
        };
        if let Err(error) = surveyed {
            tracing::error!(store.id = %id, error.detail = error.log_detail(), "a store is not surveyed");
        }
    }
    Ok(())
}

/// Whether a store has more than [`MANY`] payments. Reads only index entries. One query per store, since a
/// distributed database keeps each store on one node.
async fn has_many_payments(state: &AppState, id: StoreId) -> Result<bool, ApiError> {
    let mut sql = Sql::new("SELECT 1 FROM payments WHERE store_id = ");
    sql.bind(id.uuid()).push(&format!(" LIMIT 1 OFFSET {MANY}"));
    Ok(sql.one(state.db.read()).await?.is_some())
}

async fn survey(state: &AppState, id: StoreId) -> Result<(), ApiError> {
    let store = stores::queries::find(state.db.read(), id).await?;
    lifetime_value::service::survey(state, &store).await
}
