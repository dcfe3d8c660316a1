//! What a server does by itself, at its start and every hour. Each job can run at any time, and
//! twice: it does what is left to do.

pub mod expiry;
pub mod files;
pub mod idle;
pub mod surveys;

use std::{sync::Arc, time::Duration};

use crate::{clock, error::ApiError, http::state::AppState};

/// How often.
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

/// Runs each job once. One that fails does not keep the others from running.
async fn all(state: &AppState) {
    let now = clock::now();
    finished("expiry", expiry::run(&state.db, now).await);
    finished("files", files::run(&state.db, &state.config.data_dir, now).await);
    finished("idle", idle::run(&state.db, now, &state.stopping).await);
    finished("surveys", surveys::run(state).await);
}

fn finished(job: &str, outcome: Result<(), ApiError>) {
    if let Err(error) = outcome {
        tracing::error!(job, error.detail = error.log_detail(), "a job failed; it is tried again in an hour");
    }
}
