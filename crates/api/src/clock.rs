//! The only access to the system clock.

use fanbase_domain::time::Timestamp;

/// The current time.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::from_millis(chrono::Utc::now().timestamp_millis())
}
