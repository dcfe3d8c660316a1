//! Problem documents (RFC 9457) and their codes.

use serde::{Deserialize, Serialize};

use crate::field_errors::FieldError;
use crate::text_enum;

text_enum! {
    /// What went wrong with a request. Stable: clients decide by it.
    pub enum ProblemCode {
        /// The request cannot be read.
        MalformedRequest = "malformed_request",
        /// Fields or parameters are wrong; `errors` says which.
        ValidationFailed = "validation_failed",
        /// Nobody is signed in, or the key is wrong.
        Unauthenticated = "unauthenticated",
        /// Signed in, but not allowed to.
        Forbidden = "forbidden",
        /// There is no such thing, or it belongs to somebody else.
        NotFound = "not_found",
        /// The method does not exist on this address.
        MethodNotAllowed = "method_not_allowed",
        /// Another customer of the store has this address.
        EmailTaken = "email_taken",
        /// Something of this name exists already.
        NameTaken = "name_taken",
        /// The thing is in a state that does not allow it.
        Conflict = "conflict",
        /// Changed by somebody else since it was read.
        VersionMismatch = "version_mismatch",
        /// `If-Match` is required here.
        VersionRequired = "version_required",
        /// The idempotency key was used for another request.
        IdempotencyKeyReused = "idempotency_key_reused",
        /// The request with this idempotency key is still running.
        IdempotencyInProgress = "idempotency_in_progress",
        /// Larger than the limit.
        TooLarge = "too_large",
        /// Not a media type that is accepted here.
        UnsupportedMediaType = "unsupported_media_type",
        /// The cursor is damaged, or belongs to another list.
        InvalidCursor = "invalid_cursor",
        /// The file cannot be imported.
        InvalidFile = "invalid_file",
        /// Too many requests.
        TooManyRequests = "too_many_requests",
        /// The server is busy or stopping; try again.
        Unavailable = "unavailable",
        /// The server failed.
        Internal = "internal",
    }
}

/// An error as the API tells it, `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Names the kind of problem; a reference into the documentation.
    #[cfg_attr(feature = "openapi", schema(example = "/api/docs/problems#validation_failed"))]
    pub r#type: String,
    /// A few words that are the same for every problem of this kind.
    #[cfg_attr(feature = "openapi", schema(example = "Some fields are not valid"))]
    pub title: String,
    /// The HTTP status.
    #[cfg_attr(feature = "openapi", schema(example = 422))]
    pub status: u16,
    /// What happened this time and what to do.
    #[cfg_attr(feature = "openapi", schema(example = "1 field is not valid."))]
    pub detail: String,
    /// The stable code to decide by.
    pub code: ProblemCode,
    /// Names this request in the server's log.
    #[cfg_attr(feature = "openapi", schema(example = "0199f1c2-6a35-7c2e-9a57-3c1d2b8e4f10"))]
    pub request_id: String,
    /// The fields that are wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}
