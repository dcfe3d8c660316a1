//! Problem documents (RFC 9457) and their codes.

use serde::{Deserialize, Serialize};

use crate::field_errors::FieldError;
use crate::text_enum;

text_enum! {
    /// The kind of a problem. Codes are stable: clients branch on them.
    pub enum ProblemCode {
        /// The request cannot be parsed.
        MalformedRequest = "malformed_request",
        /// Fields or parameters are invalid; `errors` lists them.
        ValidationFailed = "validation_failed",
        /// Not signed in, or the API key is invalid.
        Unauthenticated = "unauthenticated",
        /// Authenticated, but without the permission.
        Forbidden = "forbidden",
        /// The resource does not exist, or belongs to another store or account.
        NotFound = "not_found",
        /// The path does not support the method.
        MethodNotAllowed = "method_not_allowed",
        /// Another customer of the store has this e-mail address.
        EmailTaken = "email_taken",
        /// The name is taken.
        NameTaken = "name_taken",
        /// The state of the resource does not allow it.
        Conflict = "conflict",
        /// The resource was changed since it was read.
        VersionMismatch = "version_mismatch",
        /// `If-Match` is required here.
        VersionRequired = "version_required",
        /// The idempotency key was used for another request.
        IdempotencyKeyReused = "idempotency_key_reused",
        /// The body did not arrive in time.
        RequestTimeout = "request_timeout",
        /// Larger than the limit.
        TooLarge = "too_large",
        /// The media type is not accepted here.
        UnsupportedMediaType = "unsupported_media_type",
        /// The cursor is invalid, or belongs to another list.
        InvalidCursor = "invalid_cursor",
        /// The file cannot be imported.
        InvalidFile = "invalid_file",
        /// Too many requests.
        TooManyRequests = "too_many_requests",
        /// The operator of the server has not configured this.
        NotConfigured = "not_configured",
        /// The server is busy or stopping; try again.
        Unavailable = "unavailable",
        /// The server failed.
        Internal = "internal",
    }
}

/// The properties that all problems of a code share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The HTTP status.
    pub status: u16,
    /// A short title.
    pub title: &'static str,
    /// The meaning, for client developers.
    pub meaning: &'static str,
    /// The remedy.
    pub remedy: &'static str,
}

impl ProblemCode {
    /// The properties that all problems of this code share.
    #[must_use]
    pub const fn kind(self) -> Kind {
        let (status, title, meaning, remedy) = match self {
            Self::MalformedRequest => (
                400,
                "The request cannot be read",
                "The body or the query string is not what the route expects: broken JSON, a field that \
                 does not exist, a value of another type.",
                "Compare the request with the documentation of the route. The detail names the place.",
            ),
            Self::ValidationFailed => (
                422,
                "Some fields are not valid",
                "The request can be read, but says something that cannot be. The member errors lists every \
                 field and parameter that is wrong, each with a pointer, a stable code and a sentence.",
                "Show the sentences beside the fields, correct them all, and send the request again.",
            ),
            Self::Unauthenticated => (
                401,
                "Not signed in",
                "There is no credential, or it is wrong, revoked or has ended.",
                "Sign in again, or send a valid API key as Authorization: Bearer.",
            ),
            Self::Forbidden => (
                403,
                "Not allowed",
                "The credential is valid, but not for this: an API key lacks the scope, only people may do \
                 it, or another site sent the request with a cookie.",
                "Use a key that has the scope which the detail names, or sign in.",
            ),
            Self::NotFound => (
                404,
                "Not found",
                "There is no such thing, or it belongs to somebody else: the two are not told apart.",
                "Check the address and the ids in it. It may have been deleted.",
            ),
            Self::MethodNotAllowed => (
                405,
                "Method not allowed",
                "The address exists, but not with this method.",
                "Look up the methods of the address in the documentation.",
            ),
            Self::EmailTaken => (
                409,
                "The e-mail address is taken",
                "Another customer of the store has the address. Case, white space and the way a domain is \
                 written make no difference.",
                "Search for the address, and change the customer who has it.",
            ),
            Self::NameTaken => (
                409,
                "The name is taken",
                "Something of this kind has the name already. Case and white space make no difference.",
                "Use what exists, or choose another name.",
            ),
            Self::Conflict => (
                409,
                "Not possible now",
                "The thing is in a state that does not allow this; the detail says which.",
                "Read it again, and decide anew.",
            ),
            Self::VersionMismatch => (
                412,
                "Changed by somebody else",
                "The thing was changed since the version that If-Match names was read.",
                "Read it again, repeat the change on what it is now, and send the new ETag.",
            ),
            Self::VersionRequired => (
                428,
                "If-Match is required",
                "A change has to name the version that it is based on, so that nobody's change is lost.",
                "Send the ETag that was read in If-Match, or * to overwrite whatever is there.",
            ),
            Self::IdempotencyKeyReused => (
                422,
                "Idempotency-Key used twice",
                "The key was used for another request within the last 24 hours.",
                "Make a new key for every new request. Keep it only to send the same request again.",
            ),
            Self::RequestTimeout => (
                408,
                "The body did not arrive",
                "The server waited for the rest of the body for as long as it waits.",
                "Send the request again, over a connection that does not stall.",
            ),
            Self::TooLarge => (
                413,
                "Too large",
                "The body is larger than the limit that the detail names.",
                "Send less at a time.",
            ),
            Self::UnsupportedMediaType => (
                415,
                "Media type not accepted",
                "The route does not take a body of this Content-Type.",
                "Send what the detail names.",
            ),
            Self::InvalidCursor => (
                400,
                "The cursor is not valid",
                "The cursor is damaged, or belongs to a list with another store, sort or filter.",
                "Start the list anew, without a cursor.",
            ),
            Self::InvalidFile => (
                422,
                "The file cannot be read",
                "The uploaded file is empty, or no text. An import of it fails with an error_code of its own.",
                "Save the contacts as CSV, and upload that.",
            ),
            Self::TooManyRequests => (
                429,
                "Too many requests",
                "Something was tried too often, such as signing in with a wrong password.",
                "Wait as many seconds as Retry-After says.",
            ),
            Self::NotConfigured => (
                503,
                "Not set up",
                "The server lacks a setting without which it cannot do this.",
                "Whoever runs the server has to set what the detail names, and start it again.",
            ),
            Self::Unavailable => (
                503,
                "Try again",
                "The server is busy or about to stop, or its database cannot be reached or takes too long. The \
                 detail says whether a change may have been saved.",
                "Send the request again after the seconds that Retry-After says, with the same \
                 Idempotency-Key if it had one.",
            ),
            Self::Internal => (
                500,
                "The server failed",
                "Something went wrong that is not the fault of the request.",
                "Tell whoever runs the server the request_id: the cause is in its log.",
            ),
        };
        Kind { status, title, meaning, remedy }
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
