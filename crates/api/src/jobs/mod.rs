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
        if let Err(error) = all(&state).await {
            tracing::error!(error.detail = %error, "a job failed; it is tried again");
        }
        tokio::select! {
            () = state.stopping.cancelled() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

async fn all(state: &AppState) -> Result<(), ApiError> {
    expiry::run(&state.db, clock::now()).await?;
    files::run(&state.db, &state.config.data_dir, clock::now()).await?;
    idle::run(&state.db, clock::now(), &state.stopping).await?;
    surveys::run(state).await
}
