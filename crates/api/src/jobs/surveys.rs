//! Finds out what the customers of large stores are worth before somebody asks for the first time, and
//! would have to wait. From then on whoever asks is told of the last survey, and may set off the next.

use fanbase_domain::ids::StoreId;

use crate::{db::sql::Sql, error::ApiError, http::state::AppState, stores, worth};

/// Payments that take long enough to look through for somebody to notice.
const MANY: u64 = 20_000;

/// Surveys the stores with many payments that were never surveyed, until the server stops.
///
/// # Errors
/// When the database fails.
pub async fn run(state: &AppState) -> Result<(), ApiError> {
    // An index has as many payments of a store as are looked at.
    let sql = Sql::new(&format!(
        "SELECT s.id FROM stores s
         WHERE NOT EXISTS (SELECT 1 FROM worth_reports w WHERE w.store_id = s.id)
         AND (SELECT 1 FROM payments p WHERE p.store_id = s.id LIMIT 1 OFFSET {MANY}) IS NOT NULL
         ORDER BY s.id"
    ));
    for row in sql.all(state.db.read()).await? {
        if state.stopping.is_cancelled() {
            break;
        }
        let store = stores::queries::find(state.db.read(), StoreId::new(row.try_get_by_index(0)?)).await?;
        worth::service::survey(state, &store).await?;
    }
    Ok(())
}
