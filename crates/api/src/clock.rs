//! The clock, in one place.

use fanbase_domain::time::Timestamp;

/// Now.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::from_millis(chrono::Utc::now().timestamp_millis())
}
