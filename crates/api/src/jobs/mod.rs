//! Background jobs: run at the start of the server and every hour. Each job is idempotent and may run at any
//! time: it does the work that is left.

pub mod estimate_values;
pub mod mark_inactive;
pub mod purge_expired;
pub mod purge_uploads;

use std::{sync::Arc, time::Duration};

use crate::{app_state::AppState, clock, error::ApiError};

/// Interval between two runs.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// Runs the jobs until the server stops.
pub async fn run(state: Arc<AppState>) {
    while !state.stopping.is_cancelled() {
        all(&state).await;
        tokio::select! {
            () = state.stopping.cancelled() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// Runs each job once. A failed job does not stop the others.
async fn all(state: &AppState) {
    let now = clock::now();
    finished("purge_expired", purge_expired::run(&state.db, now).await);
    finished("purge_uploads", purge_uploads::run(&state.db, &state.config.data_dir, now).await);
    finished("mark_inactive", mark_inactive::run(&state.db, now, &state.stopping).await);
    finished("estimate_values", estimate_values::run(state).await);
}

fn finished(job: &str, outcome: Result<(), ApiError>) {
    if let Err(error) = outcome {
        tracing::error!(job, error.detail = error.log_detail(), "a job failed; it is tried again in an hour");
    }
}
