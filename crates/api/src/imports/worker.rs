//! The task of a server that runs imports, one after another.

use std::{sync::Arc, time::Duration};

use super::{progress, service};
use crate::{app_state::AppState, clock, error::ApiError};

/// Polling interval for imports that another process has left unfinished.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Runs until the server stops. Unfinished imports are resumed at the next start.
pub async fn run(state: Arc<AppState>) {
    while !state.stopping.is_cancelled() {
        if let Err(error) = work(&state).await {
            tracing::error!(error.detail = error.log_detail(), "imports stopped; they are tried again");
        }
        tokio::select! {
            () = state.stopping.cancelled() => {}
            () = state.imports.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn work(state: &AppState) -> Result<(), ApiError> {
    for import in progress::due(state.db.read(), clock::now()).await? {
        if state.stopping.is_cancelled() {
            break;
        }
        let id = import.id;
        // A failed import must not block the others.
        match service::work_on(&state.db, &state.config.data_dir, import, &state.stopping, |_| {}).await {
            Ok(import) => tracing::info!(
                store.id = %import.store_id, import.id = %import.id, import.status = %import.status,
                import.rows = import.tally.rows, "import"
            ),
            Err(error) => {
                tracing::error!(import.id = %id, error.detail = error.log_detail(), "an import stopped; it is tried again");
            }
        }
    }
    Ok(())
}
