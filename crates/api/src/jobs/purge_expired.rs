//! Deletes expired rows: responses stored for idempotency keys, sessions, invitations, and received webhook
//! events.

use fanbase_domain::time::Timestamp;

use crate::{
    accounts::{invitations, sessions::session},
    db::Db,
    error::ApiError,
    http::idempotency,
    webhooks::events,
};

/// Deletes everything that has expired as of `now`.
///
/// # Errors
/// When the database fails.
pub async fn run(db: &Db, now: Timestamp) -> Result<(), ApiError> {
    let answers = idempotency::forget_expired(db.write(), now).await?;
    let sessions = session::forget_expired(db.write(), now).await?;
    let invited = invitations::service::forget_expired(db.write(), now).await?;
    let events = events::forget_expired(db.write(), now).await?;
    tracing::debug!(
        expired.answers = answers,
        expired.sessions = sessions,
        expired.invitations = invited,
        expired.webhook_events = events,
        "expired"
    );
    Ok(())
}
