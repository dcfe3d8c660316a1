//! Deletes what has expired: answers that were kept for their idempotency keys, and sessions.

use fanbase_domain::time::Timestamp;

use crate::{auth::session, db::Db, error::ApiError, http::idempotency};

/// Deletes what has expired by now.
///
/// # Errors
/// When the database fails.
pub async fn run(db: &Db, now: Timestamp) -> Result<(), ApiError> {
    let answers = idempotency::forget_expired(db.write(), now).await?;
    let sessions = session::forget_expired(db.write(), now).await?;
    tracing::debug!(expired.answers = answers, expired.sessions = sessions, "expired");
    Ok(())
}
