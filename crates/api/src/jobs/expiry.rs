//! Deletes what has expired: answers that were kept for their idempotency keys, sessions, and
//! files that were only looked at.

use fanbase_domain::time::Timestamp;

use crate::{auth::session, db::Db, error::ApiError, http::idempotency, imports};

/// How long the file of a dry run is kept, in milliseconds: a day.
const FILES_KEPT: i64 = 24 * 60 * 60 * 1000;

/// Deletes what has expired by now.
///
/// # Errors
/// When the database fails.
pub async fn run(db: &Db, now: Timestamp) -> Result<(), ApiError> {
    let answers = idempotency::forget_expired(db.write(), now).await?;
    let sessions = session::forget_expired(db.write(), now).await?;
    let until = Timestamp::from_millis(now.millis() - FILES_KEPT);
    let files = imports::service::forget_files(db, until).await?;
    tracing::debug!(expired.answers = answers, expired.sessions = sessions, expired.files = files, "expired");
    Ok(())
}
