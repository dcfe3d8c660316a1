//! Finds out what the customers of large stores are worth before somebody asks for the first time, and
//! would have to wait. A survey that breaks off is made the next time. Once there is one, whoever asks
//! is told of it, and may set off the next.

use fanbase_domain::ids::StoreId;

use crate::{accounts::stores, app_state::AppState, db::sql::Sql, error::ApiError, sales::lifetime_value};

/// Payments that take long enough to look through for somebody to notice.
const MANY: u64 = 20_000;

/// Surveys the stores with many payments that were never surveyed, until the server stops.
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

/// Whether a store has many payments, by an index that has as many entries as are looked at. Store by store,
/// since a distributed database has each of them on one node.
async fn has_many_payments(state: &AppState, id: StoreId) -> Result<bool, ApiError> {
    let mut sql = Sql::new("SELECT 1 FROM payments WHERE store_id = ");
    sql.bind(id.uuid()).push(&format!(" LIMIT 1 OFFSET {MANY}"));
    Ok(sql.one(state.db.read()).await?.is_some())
}

async fn survey(state: &AppState, id: StoreId) -> Result<(), ApiError> {
    let store = stores::queries::find(state.db.read(), id).await?;
    lifetime_value::service::survey(state, &store).await
}
