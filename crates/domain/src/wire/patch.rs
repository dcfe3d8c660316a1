//! The three states of a field in a PATCH: absent leaves, null clears, a value sets.

use serde::{Deserialize, Deserializer};

/// Reads a field that is present; use with `#[serde(default, deserialize_with = "present")]`
/// on an `Option<Option<T>>`, so that `None` is absent and `Some(None)` is null.
///
/// # Errors
/// Returns the error of the value.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
