//! Optimistic locking by `ETag` and `If-Match`: a client cannot overwrite a version that it has not read.

use actix_web::{HttpRequest, http::header};

use crate::error::ApiError;

/// The version in `If-Match`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// This version.
    Version(i64),
    /// Any version (`*`).
    Any,
}

/// The `ETag` of a version.
#[must_use]
pub fn etag(version: i64) -> (header::HeaderName, String) {
    (header::ETAG, format!("\"v{version}\""))
}

/// Reads the required `If-Match`.
///
/// # Errors
/// [`ApiError::VersionRequired`] when it is absent, [`ApiError::VersionMismatch`] when it contains no
/// version.
pub fn if_match(request: &HttpRequest) -> Result<Expected, ApiError> {
    if_match_optional(request)?.ok_or(ApiError::VersionRequired)
}

/// Reads the optional `If-Match`.
///
/// # Errors
/// [`ApiError::VersionMismatch`] when it contains no version.
pub fn if_match_optional(request: &HttpRequest) -> Result<Option<Expected>, ApiError> {
    let Some(value) = request.headers().get(header::IF_MATCH) else { return Ok(None) };
    let value = value.to_str().unwrap_or_default().trim();
    if value == "*" {
        return Ok(Some(Expected::Any));
    }
    // A proxy that compresses marks the tag as weak; the version is the same.
    let version = value.trim_start_matches("W/").trim_matches('"').strip_prefix('v');
    match version.and_then(|version| version.parse().ok()) {
        Some(version) => Ok(Some(Expected::Version(version))),
        None => Err(ApiError::VersionMismatch),
    }
}

impl Expected {
    /// Compares with the current version.
    ///
    /// # Errors
    /// [`ApiError::VersionMismatch`] when they differ.
    pub fn check(self, version: i64) -> Result<(), ApiError> {
        match self {
            Self::Version(expected) if expected != version => Err(ApiError::VersionMismatch),
            _ => Ok(()),
        }
    }
}
