//! The task of a server that runs backfills, one after another.

use std::{sync::Arc, time::Duration};

use super::{service, stored};
use crate::{app_state::AppState, error::ApiError};

/// Polling interval for backfills that another process has left unfinished.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Runs until the server stops. Unfinished backfills are resumed at the next start.
pub async fn run(state: Arc<AppState>) {
    while !state.stopping.is_cancelled() {
        if let Err(error) = work(&state).await {
            tracing::error!(error.detail = error.log_detail(), "backfills stopped; they are tried again");
        }
        tokio::select! {
            () = state.stopping.cancelled() => {}
            () = state.backfills.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn work(state: &AppState) -> Result<(), ApiError> {
    for backfill in stored::unfinished(state.db.read()).await? {
        if state.stopping.is_cancelled() {
            break;
        }
        let id = backfill.id;
        // A failed backfill must not block the others.
        match service::work_on(&state.db, backfill, &state.stopping, |_| {}).await {
            Ok(backfill) => tracing::info!(
                store.id = %backfill.store_id, backfill.id = %id, backfill.status = %backfill.status,
                backfill.found = backfill.tally.found(), backfill.errors = backfill.tally.errors, "backfill"
            ),
            Err(error) => {
                tracing::error!(backfill.id = %id, error.detail = error.log_detail(), "a backfill stopped; it is tried again");
            }
        }
    }
    Ok(())
}
